//! The future of a service that is to answer the rest is not `Send`.
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use cello::prelude::*;

#[get("/")]
async fn index() {}

struct Answer(Rc<StatusCode>);

impl Future for Answer {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(self.0.into_response()))
    }
}

#[derive(Clone)]
struct Old;

impl tower_service::Service<Request> for Old {
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Answer {
        Answer(Rc::new(StatusCode::NOT_FOUND))
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).fallback_service(Old).run("127.0.0.1:8000")
}
