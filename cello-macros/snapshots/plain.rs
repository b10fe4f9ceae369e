#[allow(clippy::needless_pass_by_value, clippy::unused_async)]
/// Says hello.
async fn index() -> &'static str {
    "hello"
}
::cello::__private::__handler! {
    index path
    doc "The route `GET /`, for `routes![...]` and for links: [`path`](Self::path)."
    use names
    code b""
    methods 1
    told "src/lib.rs\x001\x001\0index\0Says hello."
    pattern "/"
    row of_cello_handler CelloCalls
    responds [&'static str]
    shim of_cello_x _ (of_cello_call0_async (of_cello_x , index))
    link () ()
    item struct index { }
}
impl<CelloS> CelloNeeds<CelloS> for index {}
