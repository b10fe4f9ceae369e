//! Status and headers before a value, as tuples: [`ResponseHead`].

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, response};

use super::{IntoResponse, has_failed};
use crate::route::Description;
use crate::{Problem, Response};

/// What can stand before the last value of a tuple: it changes the head of that value's response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand before a response in a tuple",
    label = "not a status, header list or `ResponseHead`",
    note = "help: the last of the tuple is the body; before it stand `StatusCode`, `HeaderMap`, `[(name, value); N]` or your own `cello::ResponseHead`"
)]
pub trait ResponseHead {
    /// Changes the head.
    ///
    /// # Errors
    /// The problem to answer instead, such as a 500 for a header value that cannot be sent.
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem>;
}

impl ResponseHead for StatusCode {
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        head.status = self;
        Ok(())
    }
}

/// Replaces fields of the same names.
impl ResponseHead for HeaderMap {
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        head.headers.extend(self);
        Ok(())
    }
}

/// Replaces fields of the same names; a name that comes twice in the list is sent twice. A name or value that cannot be
/// sent is a 500, and is logged.
impl<K, V, const N: usize> ResponseHead for [(K, V); N]
where
    K: TryInto<HeaderName, Error: std::fmt::Display>,
    V: TryInto<HeaderValue, Error: std::fmt::Display>,
{
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        let mut seen: [Option<HeaderName>; N] = [const { None }; N];
        for (index, (name, value)) in self.into_iter().enumerate() {
            let name = name.try_into().map_err(refused)?;
            let value = value.try_into().map_err(refused)?;
            if seen.contains(&Some(name.clone())) {
                head.headers.append(name, value);
            } else {
                head.headers.insert(name.clone(), value);
                seen[index] = Some(name);
            }
        }
        Ok(())
    }
}

impl<T: ResponseHead> ResponseHead for Option<T> {
    fn apply(self, head: &mut response::Parts) -> Result<(), Problem> {
        self.map_or(Ok(()), |part| part.apply(head))
    }
}

fn refused(error: impl std::fmt::Display) -> Problem {
    crate::dispatch::Here::current()
        .log(format_args!("a handler gave a header that cannot be sent: {error}"));
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What a problem says of itself, and nothing before it in a tuple changes: its status and the type of its body.
/// `(StatusCode::CREATED, find(id))` is a 404 where nothing was found.
struct Own(Option<(StatusCode, Option<HeaderValue>)>);

impl Own {
    fn of(head: &response::Parts) -> Self {
        let is_problem = head.extensions.get::<Problem>().is_some();
        Self(is_problem.then(|| (head.status, head.headers.get(header::CONTENT_TYPE).cloned())))
    }

    fn restore(self, head: &mut response::Parts) {
        if let Some((status, content_type)) = self.0 {
            head.status = status;
            if let Some(content_type) = content_type {
                head.headers.insert(header::CONTENT_TYPE, content_type);
            }
        }
    }
}

macro_rules! tuples {
    ($($($name:ident)+),+) => { $(
        #[allow(non_snake_case)] // the type parameters serve as variable names
        impl<$($name: ResponseHead,)+ Last: IntoResponse> IntoResponse for ($($name,)+ Last) {
            fn into_response(self) -> Response {
                let ($($name,)+ last) = self;
                let (mut head, body) = last.into_response().into_parts();
                if has_failed(&head.extensions) {
                    return Response::from_parts(head, body);
                }
                let own = Own::of(&head);
                $(if let Err(problem) = $name.apply(&mut head) {
                    return problem.into_response();
                })+
                own.restore(&mut head);
                Response::from_parts(head, body)
            }

            fn describe(description: &mut Description) {
                Last::describe(description);
            }
        }
    )+ };
}

tuples! { A, A B, A B C, A B C D }
