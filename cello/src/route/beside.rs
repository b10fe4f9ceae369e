//! What stands beside the function of each handler, as far as it is the same for all: a `macro_rules!` macro fills it in, which
//! takes the compiler a fraction of the time that the same tokens take from a procedural macro.

/// The struct of a handler's name, with its row and its link. What is wrong with a handler must be told at the user's tokens, so
/// all that can be wrong is handed over; it is set in brackets where it is more than one token.
#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    (
        $name:tt $link:ident
        doc $doc:tt
        $(use $names:ident $(#[$unused:meta])?)?
        $(blueprint $mounted:ident)?
        code $code:tt
        methods $methods:tt
        told $told:tt
        pattern $pattern:tt
        $(odd $odd:ident)?
        row $row:ident $calls:ident
        $(beside [$($cfg:tt)+])?
        $(more [$($more:tt)*])?
        $(one [$($only:tt)+])?
        $(several [$([$($each:tt)+])+])?
        $(silent $nothing:ident)?
        $(responds [$($responds:tt)+])?
        shim $x:tt $body:tt $shim:tt
        link $parameters:tt $values:tt $([$($bounds:tt)+])?
        item $($item:tt)+
    ) => {
        $($($cfg)+)?
        #[doc = $doc]
        #[allow(non_camel_case_types, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
        $($item)*
        // For the whole module, since each `use` in a function makes a module of it. What it brings is called after us.
        $(
            $(#[$unused])?
            use $crate::__private::$names::*;
        )?
        $($($cfg)+)?
        impl $name {
            #[doc(hidden)]
            pub const fn cello_routes() -> CelloNode<Self> {
                $row(
                    $code,
                    $methods,
                    ::core::module_path!(),
                    Self::CELLO_BLUEPRINT,
                    $told,
                    $pattern,
                    // These stand next to each other: then rustc reports what is no extractor for all at once, and only once.
                    $calls {
                        $(extracts: of_cello::Extracts::One { describe: <$($only)+ as of_cello::CelloFromRequest>::describe },)?
                        $(extracts: of_cello::Extracts::Several { describe: &[$(<$($each)+ as of_cello::CelloFromRequest>::describe),+] },)?
                        responds:
                            $(of_cello::$nothing)?
                            $(<$($responds)+ as of_cello::CelloIntoResponse>::describe)?,
                        shim: |$x, $body| $shim,
                    },
                )$(.more($($more)*))?
            }
            $(
                pub(crate) const CELLO_BLUEPRINT: CelloMounted = $mounted;
            )?
            /// A link to this route, with the prefixes of its blueprints.
            $(#[allow($odd)])?
            #[allow(dead_code)]
            pub fn $link $parameters -> CelloLink $($($bounds)+)? {
                of_cello_link(
                    Self::CELLO_BLUEPRINT,
                    $pattern,
                    $values,
                )
            }
        }
    };
}
