//! How responses get their fields, and what is checked of these at start.

use std::future::Future;
use std::ops::ControlFlow;

use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, CONTENT_TYPE, STRICT_TRANSPORT_SECURITY,
};
use http::{StatusCode, request};

use super::super::after::never_waits;
use super::super::fields::lacks;
use super::super::{Handle, Middleware, MiddlewareWith, Next, Passing, Surroundings};
use super::csp::Compiled;
use super::{Nonces, SecurityHeaders, WithNonce};
use crate::dispatch::Call;
use crate::{Body, Error, Request, Response};

impl<N: Nonces> SecurityHeaders<N> {
    /// Adds to a response the fields that it lacks.
    fn mark(&self, response: &mut Response, call: &Call<'_>) {
        let is_not_modified = response.status() == StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        // Nearly all responses have a type of content alone.
        let has_few = headers.keys_len() <= 1 && headers.keys().all(|name| name == CONTENT_TYPE);
        for (name, value) in &self.fields {
            if has_few || lacks(headers, name) {
                // What is appended replaces nothing that would be handed back.
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(hsts) = &self.hsts
            && call.is_https()
            && lacks(headers, &STRICT_TRANSPORT_SECURITY)
        {
            headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        if self.csp.is_none() && self.report_only.is_none() {
            return;
        }
        for (name, policy) in
            [(&CONTENT_SECURITY_POLICY, &self.csp), (&CONTENT_SECURITY_POLICY_REPORT_ONLY, &self.report_only)]
        {
            // The page of a 304 is one that the client has, with the nonce of its own response, which this would replace.
            if let Some(policy) = policy
                && !(is_not_modified && policy.has_nonce())
                && lacks(headers, name)
            {
                headers.insert(name, policy.value(call.facts.known_nonce()));
            }
        }
    }

    /// Whether somebody is told of violations. What is nearest to the handler says where the endpoints are.
    fn reports(&self, around: &mut Surroundings) -> crate::Result<()> {
        if !self.endpoints.is_empty() {
            around.endpoints = self.endpoints.iter().map(|(name, _)| name.clone()).collect();
        }
        for (policy, told) in [&self.csp, &self.report_only].into_iter().zip(&mut around.reports) {
            if let Some(policy) = policy {
                told.clone_from(&policy.report_to);
            }
        }
        // A policy of those further out stays, where there is none in here; their endpoints do not.
        let lost = around.reports.iter().flatten().find(|name| !around.endpoints.contains(name));
        lost.map_or(Ok(()), |name| {
            Err(Error::msg(format!(
                "security headers: the policy reports to {name:?}, but nothing says where that is; add \
                 `.reporting_endpoint({name:?}, \"https://..\")`"
            )))
        })
    }

    fn faultless(&self) -> crate::Result<()> {
        if let Some(fault) = &self.fault {
            return Err(Error::msg(fault));
        }
        let has_nonce = [&self.csp, &self.report_only].into_iter().flatten().any(Compiled::has_nonce);
        if has_nonce == N::HAS {
            return Ok(());
        }
        let fault = "security headers: `.csp(...)` follows `.csp_report_only(...)`, whose policy has a nonce; give the latter last";
        Err(Error::msg(fault))
    }
}

/// What a member of either trait does.
macro_rules! marks {
    () => {
        #[inline]
        fn enter<'a>(
            &'a self,
            _: &mut request::Parts,
            _: &mut Body,
            _: Passing<'a>,
        ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
            ControlFlow::Continue(|this: &Self, passing: Passing<'a>, response: &mut Response| {
                this.mark(response, passing.call);
            })
        }

        fn check(&self) -> crate::Result<()> {
            self.faultless()
        }

        fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
            self.reports(around)
        }
    };
}

impl Middleware for SecurityHeaders {
    never_waits!();
    marks!();
}

/// What it provides is known to the compiler alone: the nonce is made when it is asked for.
impl MiddlewareWith for SecurityHeaders<WithNonce> {
    type State = ();
    type Provides = WithNonce;

    fn handle<'a>(
        &'a self,
        request: Request,
        (): (),
        next: Next<'a, impl Handle, WithNonce>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let call = next.passing.call;
        let answer = next.owing::<()>().run(request);
        async move {
            let mut response = answer.await;
            self.mark(&mut response, call);
            response
        }
    }

    const WAITS: bool = false;

    marks!();
}
