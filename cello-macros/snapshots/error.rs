impl UserError {
    #[doc(hidden)]
    fn cello_problem(&self) -> ::cello::Problem {
        match self {
            Self::NotFound { id: of_cello_id, .. } => {
                ::cello::__private::problem(404u16)
                    .with_detail(
                        ::std::format!(
                            "user {of_cello_id} not found", of_cello_id = of_cello_id
                        ),
                    )
            }
            Self::Database { .. } => ::cello::__private::problem(500u16),
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<&UserError> for ::cello::Problem {
    fn from(of_cello_error: &UserError) -> Self {
        of_cello_error.cello_problem()
    }
}
#[automatically_derived]
impl ::cello::IntoResponse for UserError {
    fn into_response(self) -> ::cello::Response {
        match &self {
            Self::Database { 0: of_cello_source, .. } => {
                use ::cello::__private::AsDynError as _;
                ::cello::__private::log_error(of_cello_source.as_dyn_error());
            }
            _ => {}
        }
        let of_cello_problem = self.cello_problem();
        ::cello::IntoResponse::into_response(of_cello_problem)
    }
}
#[automatically_derived]
impl ::core::convert::From<DatabaseError> for UserError {
    fn from(of_cello_source: DatabaseError) -> Self {
        Self::Database {
            0: of_cello_source,
        }
    }
}
