#[allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async
)]
/// Renames a user.
pub async fn rename(
    id: u64,
    notify: Option<bool>,
    store: &UserStore,
    headers: &HeaderMap,
    new: Json<NewName>,
) -> Result<Json<User>, UserError> {
    store.rename(id, new, notify, headers)
}
::cello::__private::__handler! {
    rename path
    doc "The route `PUT /users/<id>?<notify>`, for `routes![...]` and for links: [`path`](Self::path)."
    use names
    code b"\x04\0\0\0\n\0\0\0\0\0\0users\"\0\0\0\x04\0\0\0"
    methods 8
    told "src/lib.rs\x001\x001\0rename\0Renames a user."
    pattern "/users/<id>?<notify>"
    row of_cello_extracting_handler CelloExtractsAndCalls
    one [Json < NewName >]
    responds [Result < Json < User >, UserError >]
    shim of_cello_x of_cello_body (of_cello :: extract_async :: < (Json < NewName >,) , _ , _ , _ > (of_cello_x , of_cello_body , of_cello_both (< u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "id" , "u64") , of_cello_both (< Option < bool >as of_cello :: CelloFromQuery > :: argument (of_cello_x , "notify" , "Option<bool>") , of_cello_both (of_cello_state :: < UserStore > (of_cello_x) , of_cello :: headers (of_cello_x)))) , move | (of_cello_0 , (of_cello_1 , (of_cello_2 , of_cello_3))) , (of_cello_4 ,) | rename (of_cello_0 , of_cello_1 , of_cello_2 , of_cello_3 , of_cello_4) , of_cello :: answers ()))
    link (id : u64 ,) (id ,)
    item pub struct rename { }
}
impl<CelloS> CelloNeeds<CelloS> for rename
where
    CelloS: CelloProvideFor<UserStore, rename>,
    CelloTakes<
        (Json<NewName>,),
        { CelloProbe::<(Json<NewName>,)>::IS },
    >: CelloTakesFor<CelloS, rename>,
{}
