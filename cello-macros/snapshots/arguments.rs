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
    rename path [pub struct rename { }] []
    doc "The route `PUT /users/<id>?<notify>`, for `routes![...]` and for links: [`path`](Self::path)."
    blueprint [use fallback]
    code [42949672964 , 8318823008265306112 , 17179869218 ,]
    methods 8
    path "rename"
    told "src/lib.rs\01\01\0Renames a user."
    pattern "/users/<id>?<notify>"
    more None
    extracts [One { = Json < NewName > }]
    responds [= Result < Json < User >, UserError >]
    shim (| x , body | :: cello :: __private :: extract_async :: < (Json < NewName >,) , _ , _ , _ > (x , body , :: cello :: __private :: both (< u64 as :: cello :: FromPath > :: argument (x , 1 , "id" , "u64") , :: cello :: __private :: both (< Option < bool >as :: cello :: FromQuery > :: argument (x , "notify" , "Option<bool>") , :: cello :: __private :: both (:: cello :: __private :: state :: < UserStore > (x) , :: cello :: __private :: headers (x)))) , move | (a0 , (a1 , (a2 , a3))) , (a4 ,) | rename (a0 , a1 , a2 , a3 , a4) , :: cello :: __private :: answers ()))
    link (id : u64 ,) [] (id ,)
}
impl<S> ::cello::__private::Needs<S> for rename
where
    S: ::cello::__private::ProvideFor<UserStore, rename>,
    ::cello::__private::Takes<
        (Json<NewName>,),
        { ::cello::__private::Probe::<(Json<NewName>,)>::IS },
    >: ::cello::__private::TakesFor<S, rename>,
{}
