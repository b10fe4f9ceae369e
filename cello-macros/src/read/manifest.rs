//! The name under which the user's crate knows cello, read from its Cargo.toml.
//!
//! An attribute macro cannot know its own crate. This reads the few lines of TOML that matter, line by line, instead of
//! parsing all of it: a dependency is `cello` unless some key says `package = "cello"`.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::model::Tokens;
use crate::token::{Ident, Span};

const PACKAGE: &str = "cello";

/// The path of the cello crate, and the names by which a qualified attribute (`#[web::get]`) can reach it.
pub(crate) struct Krate {
    pub(crate) path: Tokens,
    pub(crate) names: Vec<String>,
}

impl Krate {
    /// As the user's Cargo.toml names it.
    pub(crate) fn from_manifest() -> Self {
        let name = name_in_manifest().unwrap_or_else(|| PACKAGE.to_owned());
        let ident = Ident::new(&name, Span::mixed_site());
        Self { path: Tokens::default().join(ident), names: vec![PACKAGE.to_owned(), name] }
    }

    /// As `crate = path` says, which goes before everything else.
    pub(crate) fn or_given(&self, given: Option<&Tokens>) -> Tokens {
        given.unwrap_or(&self.path).clone()
    }
}

fn name_in_manifest() -> Option<String> {
    let directory = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let manifest = directory.join("Cargo.toml");
    let changed = std::fs::metadata(&manifest).and_then(|metadata| metadata.modified()).ok()?;

    type Seen = (PathBuf, SystemTime, String);
    thread_local!(static LAST: RefCell<Option<Seen>> = const { RefCell::new(None) });
    LAST.with_borrow_mut(|last| {
        if let Some((path, time, name)) = last
            && *path == manifest
            && *time == changed
        {
            return Some(name.clone());
        }
        let text = std::fs::read_to_string(&manifest).ok()?;
        let name = crate_name(&text, || workspace_manifest(&directory));
        *last = Some((manifest, changed, name.clone()));
        Some(name)
    })
}

/// The manifest of the workspace that the directory belongs to.
fn workspace_manifest(directory: &Path) -> Option<String> {
    directory.ancestors().find_map(|directory| {
        let text = std::fs::read_to_string(directory.join("Cargo.toml")).ok()?;
        text.lines().any(|line| line.trim_start().starts_with("[workspace")).then_some(text)
    })
}

/// The name of cello in a crate with this manifest. The workspace's manifest is asked for only if it decides.
fn crate_name(manifest: &str, workspace: impl FnOnce() -> Option<String>) -> String {
    let dependencies = dependencies(manifest, "");
    let of_cello = |dependency: &&Dependency| dependency.package == PACKAGE && !dependency.workspace;
    if let Some(found) = dependencies.iter().find(of_cello) {
        return found.ident();
    }
    let inherited: Vec<&Dependency> = dependencies.iter().filter(|dependency| dependency.workspace).collect();
    if inherited.is_empty() || inherited.iter().any(|dependency| dependency.key == PACKAGE) {
        return PACKAGE.to_owned();
    }
    let Some(workspace) = workspace() else { return PACKAGE.to_owned() };
    let shared = self::dependencies(&workspace, "workspace.");
    let renamed = inherited.iter().find(|dependency| {
        shared.iter().any(|shared| shared.key == dependency.key && shared.package == PACKAGE)
    });
    renamed.map_or_else(|| PACKAGE.to_owned(), |dependency| dependency.ident())
}

/// One entry of a dependency table.
struct Dependency {
    key: String,
    /// What `package = "..."` says, else the key.
    package: String,
    workspace: bool,
}

impl Dependency {
    fn ident(&self) -> String {
        self.key.replace('-', "_")
    }
}

fn dependencies(manifest: &str, prefix: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut table: Option<Option<String>> = None;
    for line in manifest.lines() {
        let line = line.trim();
        if line.starts_with('[') {
            table = dependency_table(line, prefix);
            if let Some(Some(key)) = &table {
                found.push(Dependency { key: key.clone(), package: key.clone(), workspace: false });
            }
            continue;
        }
        match &table {
            // `[dependencies.web]`: the lines are the entry's fields.
            Some(Some(_)) => {
                if let Some(dependency) = found.last_mut() {
                    fields(line, dependency);
                }
            }
            // `[dependencies]`: a line is an entry, `web = ...` or `web.package = ...`, or goes on with the last one.
            Some(None) => entry(line, &mut found),
            None => {}
        }
    }
    found
}

/// `Some(None)` for a table of dependencies, `Some(Some(key))` for the table of one.
fn dependency_table(header: &str, prefix: &str) -> Option<Option<String>> {
    let name = header.split(']').next()?.trim_start_matches('[').trim();
    let name = name.strip_prefix(prefix)?;
    // `target.'cfg(unix)'.dependencies`
    let name = if name.starts_with("target.") { &name[name.rfind("dependencies")?..] } else { name };
    let name = name.strip_prefix("dev-").unwrap_or(name);
    let rest = name.strip_prefix("dependencies")?;
    match rest.strip_prefix('.') {
        Some(key) => Some(Some(unquoted(key))),
        None => rest.is_empty().then_some(None),
    }
}

fn entry(line: &str, found: &mut Vec<Dependency>) {
    let is_key = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\'' | ' '))
    };
    let Some((left, right)) = line.split_once('=').filter(|(left, _)| is_key(left.trim())) else {
        if let Some(dependency) = found.last_mut() {
            fields(line, dependency);
        }
        return;
    };
    let (key, field) = left.trim().split_once('.').unwrap_or((left.trim(), ""));
    let key = unquoted(key);
    if found.iter().all(|dependency| dependency.key != key) {
        found.push(Dependency { key: key.clone(), package: key.clone(), workspace: false });
    }
    let Some(dependency) = found.iter_mut().find(|dependency| dependency.key == key) else { return };
    if field.is_empty() {
        fields(right, dependency);
    } else {
        fields(&format!("{field} = {right}"), dependency);
    }
}

/// Reads `package = "..."` and `workspace = true` wherever they stand in a piece of a line.
fn fields(text: &str, dependency: &mut Dependency) {
    if let Some(value) = field(text, "package") {
        dependency.package = unquoted(value);
    }
    if let Some(value) = field(text, "workspace") {
        dependency.workspace = value.starts_with("true");
    }
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let at = text.match_indices(name).find_map(|(at, _)| {
        let alone = !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '"'));
        let value = text[at + name.len()..].trim_start().strip_prefix('=')?;
        alone.then_some(value)
    })?;
    Some(at.trim_start().split([',', '}']).next().unwrap_or_default().trim())
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::crate_name;

    fn name(manifest: &str) -> String {
        crate_name(manifest, || None)
    }

    #[test]
    fn cello_by_its_own_name() {
        assert_eq!(name("[dependencies]\ncello = \"0.1\"\n"), "cello");
        assert_eq!(name("[dependencies]\nserde = \"1\"\n"), "cello");
        assert_eq!(name(""), "cello");
    }

    #[test]
    fn renamed_inline() {
        assert_eq!(
            name("[dependencies]\nserde = \"1\"\nweb = { package = \"cello\", version = \"0.1\" }\n"),
            "web"
        );
        assert_eq!(name("[dev-dependencies]\nmy-web = { path = \"../x\", package = 'cello' }\n"), "my_web");
    }

    #[test]
    fn renamed_in_a_table_of_its_own() {
        assert_eq!(name("[dependencies.web]\nversion = \"0.1\"\npackage = \"cello\"\n[features]\n"), "web");
    }

    #[test]
    fn renamed_with_dotted_keys_and_over_several_lines() {
        assert_eq!(name("[dependencies]\nweb.path = \"../cello\"\nweb.package = \"cello\"\n"), "web");
        assert_eq!(
            name("[dependencies]\nweb = { features = [\n  \"tower\",\n], package = \"cello\" }\n"),
            "web"
        );
    }

    #[test]
    fn for_one_target_only() {
        assert_eq!(name("[target.'cfg(unix)'.dependencies]\nweb = { package = \"cello\" }\n"), "web");
    }

    #[test]
    fn other_crates_of_a_similar_name_are_not_it() {
        assert_eq!(name("[dependencies]\nx = { package = \"cello-extra\" }\n"), "cello");
        assert_eq!(name("[build-dependencies]\nweb = { package = \"cello\" }\n"), "cello");
        assert_eq!(name("[package]\nname = \"package\"\n"), "cello");
    }

    #[test]
    fn renamed_by_the_workspace() {
        let member = "[dependencies]\nserde = { workspace = true }\nweb.workspace = true\n";
        let workspace =
            "[workspace.dependencies]\nweb = { package = \"cello\", path = \"cello\" }\nserde = \"1\"\n";
        assert_eq!(crate_name(member, || Some(workspace.to_owned())), "web");
        let member = "[dependencies]\ncello = { workspace = true }\n";
        assert_eq!(crate_name(member, || panic!("not asked for")), "cello");
    }
}
