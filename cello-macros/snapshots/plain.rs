#[cfg_attr(clippy, allow(clippy::needless_pass_by_value, clippy::unused_async))]
/// Says hello.
async fn index() -> &'static str {
    "hello"
}
::cello::__private::__handler! {
    index path [struct index { }] []
    doc "The route `GET /`, for `routes![...]` and for links: [`path`](Self::path)."
    blueprint [use NoBlueprint]
    code []
    methods [GET]
    path "index"
    docs "Says hello."
    at "src/lib.rs" 1 1
    pattern "/"
    more [None]
    extracts [Nothing]
    responds (< &'static str as :: cello :: IntoResponse > :: describe)
    shim (| x , _ | :: cello :: __private :: call0_async (x , index))
    link () [] ()
}
impl<S> ::cello::__private::Needs<S> for index {}
