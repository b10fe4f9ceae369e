impl UserError {
    #[doc(hidden)]
    fn cello_problem(&self) -> ::cello::Problem {
        match self {
            Self::NotFound { id: field_id, .. } => {
                ::cello::__private::problem(404u16)
                    .with_detail(
                        ::std::format!("user {field_id} not found", field_id = field_id),
                    )
            }
            Self::Database { .. } => ::cello::__private::problem(500u16),
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<&UserError> for ::cello::Problem {
    fn from(error: &UserError) -> Self {
        error.cello_problem()
    }
}
#[automatically_derived]
impl ::cello::IntoResponse for UserError {
    fn into_response(self) -> ::cello::Response {
        match &self {
            Self::Database { 0: source, .. } => {
                use ::cello::__private::AsDynError as _;
                ::cello::__private::log_error(source.as_dyn_error());
            }
            #[allow(unreachable_patterns)]
            _ => {}
        }
        let problem = self.cello_problem();
        ::cello::IntoResponse::into_response(problem)
    }
}
#[automatically_derived]
impl ::core::convert::From<DatabaseError> for UserError {
    fn from(source: DatabaseError) -> Self {
        Self::Database { 0: source }
    }
}
