::core::compile_error! {
    "the path parameter `id` has no argument in `user`\n    /users/<id>\n           ^^^^\nhelp: add an argument such as `id: String`, or write a literal for `<id>`"
}
::core::compile_error! {
    "the handler `user` is `async`, so it can't be `blocking` too\nhelp: remove `blocking`, or remove `async` if the function waits without `.await`"
}
#[allow(dead_code)]
pub async fn user() -> String {
    "user".to_owned()
}
#[doc(hidden)]
#[allow(non_camel_case_types, dead_code)]
pub struct user {}
#[allow(dead_code)]
impl user {
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<Self> {
        ::cello::__private::Node::nothing()
    }
    pub fn path(_: impl ::core::fmt::Display) -> ::cello::Link {
        ::cello::__private::link(::cello::__private::Blueprint::NOTHING, "/", ())
    }
}
impl<CelloS> ::cello::__private::Needs<CelloS> for user {}
