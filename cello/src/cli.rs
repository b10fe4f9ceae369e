//! The settings that every service has, from its command line and environment: [`Config`] (feature `cli`).

use std::fmt;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, builder::PossibleValuesParser, value_parser};

use crate::middleware::logging::LogFormat;
use crate::{Application, Result};

/// Where to listen, with how many workers, and how to log: from the command line, else from the environment, else the
/// defaults given here.
///
/// | argument | variable | default |
/// |---|---|---|
/// | `--host` | `CELLO_HOST` | `127.0.0.1` |
/// | `--port` | `CELLO_PORT` | `8000` |
/// | `--workers` | `CELLO_WORKERS` | as many as there are cores |
/// | `--log-format` | `CELLO_LOG_FORMAT` | `text` (or `json`) |
/// | `--tls-cert`, `--tls-key` | `CELLO_TLS_CERT`, `CELLO_TLS_KEY` | none: no TLS (feature `tls`) |
///
/// The command `routes` prints the routes of the application, and what each request passes on its way to them, instead of serving
/// it; see [`route_table`](crate::route_table).
///
/// ```no_run
/// use cello::Config;
/// use cello::prelude::*;
///
/// # #[get("/")] async fn index() -> &'static str { "" }
/// fn main() -> cello::Result<()> {
///     let config = Config::default().port(8001).with_args_and_env();
///     let app = App::new(routes![index]).configure(&config).enable_logging();
///     config.run(app)
/// }
/// ```
///
/// A function that makes the application takes the `Config`, `fn app(config: &Config) -> impl Application`: what is set is set before an
/// [`Application`] is returned, which can only be run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The address or name to listen on.
    pub host: String,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// How many threads serve; `None` takes as many as there are cores.
    pub workers: Option<usize>,
    /// How requests are logged.
    pub log_format: LogFormat,
    /// The files of the certificate and of its key, both or none. Feature `tls`.
    #[cfg(feature = "tls")]
    pub tls: Option<(PathBuf, PathBuf)>,
    /// What to do.
    pub command: ConfigCommand,
}

/// What the command line asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigCommand {
    /// To serve.
    #[default]
    Serve,
    /// To print the routes.
    Routes,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8000,
            workers: None,
            log_format: LogFormat::default(),
            #[cfg(feature = "tls")]
            tls: None,
            command: ConfigCommand::default(),
        }
    }
}

impl Config {
    /// The same with another address or name to listen on, unless arguments or environment say otherwise.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The same with another port, unless arguments or environment say otherwise.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same with TLS, with the certificates in one file and their key in another, unless arguments or environment say
    /// otherwise. Feature `tls`.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some((certificates.into(), key.into()));
        self
    }

    /// Reads the program's arguments and environment over the default settings.
    ///
    /// It ends the process, as command lines do: with 0 after `--help`, with 2 and a sentence after a mistake.
    #[must_use]
    pub fn from_args_and_env() -> Self {
        Self::default().with_args_and_env()
    }

    /// Reads the program's arguments and environment over these settings, as
    /// [`from_args_and_env`](Self::from_args_and_env) does.
    #[must_use]
    pub fn with_args_and_env(self) -> Self {
        match self.read(std::env::args_os()) {
            Ok(config) => config,
            Err(error) => error.exit(),
        }
    }

    fn read<I, T>(self, arguments: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        let matches = self.command_line().try_get_matches_from(arguments)?;
        #[cfg(feature = "tls")]
        let tls = {
            let path = |name| matches.get_one::<PathBuf>(name).cloned();
            path("tls-cert").zip(path("tls-key")).or(self.tls)
        };
        let Self { host, port, workers, log_format, command, .. } = self;
        let format = matches.get_one::<String>("log-format").map(|format| match format.as_str() {
            "json" => LogFormat::Json,
            _ => LogFormat::Text,
        });
        Ok(Self {
            host: matches.get_one::<String>("host").cloned().unwrap_or(host),
            port: matches.get_one::<u16>("port").copied().unwrap_or(port),
            workers: matches.get_one::<NonZeroUsize>("workers").map(|workers| workers.get()).or(workers),
            log_format: format.unwrap_or(log_format),
            #[cfg(feature = "tls")]
            tls,
            command: if matches.subcommand_matches("routes").is_some() {
                ConfigCommand::Routes
            } else {
                command
            },
        })
    }

    fn command_line(&self) -> Command {
        let arg = |name: &'static str, variable: &'static str, help: String| {
            let arg = Arg::new(name).long(name).help(format!("{help} [variable: {variable}]")).global(true);
            // A variable that is empty counts as one that is not set, as where a template leaves it out.
            match std::env::var_os(variable) {
                Some(value) if !value.is_empty() => arg.env(variable).hide_env(true),
                _ => arg,
            }
        };
        let name = std::env::args_os().next().map(PathBuf::from);
        let name = name.as_deref().and_then(Path::file_name).and_then(std::ffi::OsStr::to_str);
        let command = Command::new(name.unwrap_or("service").to_owned())
            .about("Serves the application until it is told to stop (SIGTERM or Ctrl-C)")
            .arg(
                arg(
                    "host",
                    "CELLO_HOST",
                    format!("The address or name to listen on [default: {}]", self.host),
                )
                .value_name("HOST"),
            )
            .arg(
                arg(
                    "port",
                    "CELLO_PORT",
                    format!("The port to listen on, 0 for any [default: {}]", self.port),
                )
                .value_name("PORT")
                .value_parser(value_parser!(u16)),
            )
            .arg(
                arg(
                    "workers",
                    "CELLO_WORKERS",
                    "How many threads serve [default: one for each core]".to_owned(),
                )
                .value_name("N")
                .value_parser(value_parser!(NonZeroUsize)),
            )
            .arg(
                arg("log-format", "CELLO_LOG_FORMAT", "How requests are logged [default: text]".to_owned())
                    .value_name("FORMAT")
                    .value_parser(PossibleValuesParser::new(["text", "json"])),
            )
            .subcommand(
                Command::new("routes")
                    .about("Prints the routes of the application and their middleware, and ends"),
            );
        #[cfg(feature = "tls")]
        let command = {
            let default =
                |path: Option<&PathBuf>| path.map_or("none".to_owned(), |path| path.display().to_string());
            let (cert, key) = self.tls.as_ref().map(|(cert, key)| (cert, key)).unzip();
            let file = |name, variable, other, help: &str, path| {
                arg(name, variable, format!("{help} [default: {}]", default(path)))
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .requires(other)
            };
            command
                .arg(file(
                    "tls-cert",
                    "CELLO_TLS_CERT",
                    "tls-key",
                    "The certificates for TLS, in PEM form",
                    cert,
                ))
                .arg(file("tls-key", "CELLO_TLS_KEY", "tls-cert", "Their private key, in PEM form", key))
        };
        command
    }

    /// Does what the command line asks for: serves the application, or prints its routes.
    ///
    /// # Errors
    /// Those of [`Application::run`].
    pub fn run(&self, app: impl Application) -> Result<()> {
        match self.command {
            ConfigCommand::Serve => app.run((self.host.as_str(), self.port)),
            ConfigCommand::Routes => {
                let table = crate::route_table(&app);
                match write!(io::stdout().lock(), "{table}") {
                    // Whoever reads has seen enough: `service routes | head`.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => Ok(written?),
                }
            }
        }
    }
}

/// `127.0.0.1:8000`, `[::1]:8000`
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::default().port(8001).read([&["service"], arguments].concat())
    }

    #[test]
    fn arguments_go_over_defaults() {
        let config = read(&["--host", "0.0.0.0", "--workers=3", "--log-format", "json"]).unwrap();
        assert_eq!((config.to_string(), config.workers), ("0.0.0.0:8001".to_owned(), Some(3)));
        assert_eq!((config.log_format, config.command), (LogFormat::Json, ConfigCommand::Serve));
        let config = read(&["routes", "--port", "9"]).unwrap();
        assert_eq!((config.port, config.command), (9, ConfigCommand::Routes));
    }

    #[cfg(feature = "tls")]
    #[test]
    fn tls_has_two_files() {
        assert_eq!(read(&[]).unwrap().tls, None);
        let config = read(&["--tls-cert", "a.pem", "--tls-key", "b.pem"]).unwrap();
        assert_eq!(config.tls, Some(("a.pem".into(), "b.pem".into())));
        let error = read(&["--tls-cert", "a.pem"]).unwrap_err().to_string();
        assert!(error.contains("--tls-key <FILE>"), "{error}");
    }

    #[test]
    fn mistakes_are_sentences() {
        assert!(read(&["--port", "x"]).unwrap_err().to_string().contains("invalid value 'x' for '--port"));
        assert!(read(&["--prot", "1"]).unwrap_err().to_string().contains("'--port'"));
        assert!(read(&["--workers", "0"]).is_err());
        assert!(read(&["--log-format", "xml"]).unwrap_err().to_string().contains("text, json"));
        let help = read(&["--help"]).unwrap_err().to_string();
        assert!(
            help.contains("CELLO_PORT") && help.contains("[default: 8001]") && help.contains("routes"),
            "{help}"
        );
    }
}
