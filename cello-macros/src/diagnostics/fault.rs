//! What can be wrong, as data. Every kind has its sentence in `words` and its help in `help`.

/// What can be wrong, as data. Names in it are as the user typed them.
#[derive(Debug)]
pub(crate) enum Fault {
    // Arguments of an attribute
    UnknownArgument {
        on: String,
        given: String,
        known: Vec<&'static str>,
    },
    MethodsOnVerb {
        on: String,
    },
    DuplicateArgument {
        on: String,
        name: String,
    },
    ArgumentShape {
        name: String,
        expected: &'static str,
    },
    StrayTokens {
        on: String,
    },
    /// `with(TraceLayer::new())`, without an import.
    UnknownLayer {
        name: String,
    },
    /// `with(Timeout)`.
    MiddlewareType {
        name: String,
        made: &'static str,
    },
    MissingPattern {
        on: String,
    },
    PatternNotText {
        on: String,
        given: String,
    },
    MissingComma {
        on: String,
    },
    MissingMethods,
    /// `#[route(GET, "/path")]`.
    MethodsAlone {
        methods: Vec<String>,
        pattern: String,
    },
    ConnectMethod,
    UnknownMethod {
        given: String,
    },
    DuplicateMethod {
        given: String,
    },
    /// The names that stand there without the brackets of a list.
    MissingEntries {
        prefix: String,
        names: Vec<String>,
    },
    NotAPath {
        given: String,
    },
    DuplicateEntry {
        path: String,
    },
    /// A module in the list of a `blueprint!`.
    ModuleInList {
        name: String,
    },

    // What the attribute stands on
    NotAFunction {
        on: String,
        found: String,
    },
    NotAModule {
        found: String,
    },
    ModuleWithoutBody {
        name: String,
    },
    TwoRoutes {
        first: String,
        second: String,
    },
    RouteAndBlueprint {
        on: String,
    },
    CfgAttrRoute {
        route: String,
    },

    // Patterns
    /// The grammar's own message, drawing and help included.
    Pattern {
        message: String,
    },
    NameTwice {
        text: String,
        at: usize,
        name: String,
        prefix: bool,
    },
    InheritedIsOwn {
        name: String,
    },
    Untaken(Untaken),
    ParamsWithoutParent {
        name: String,
    },
    ParamsAlreadyVisible {
        name: String,
    },

    /// `#[cello::main]`
    MainAttribute,
    /// A route attribute in an `impl`.
    InImpl {
        handler: String,
    },
    /// `first` is the line of the other.
    SecondHandler {
        name: String,
        first: usize,
    },
    SecondBlueprint {
        first: usize,
    },

    // Signatures
    Receiver {
        handler: String,
    },
    Generic {
        handler: String,
        names: Vec<String>,
    },
    Unsafe {
        handler: String,
    },
    Extern {
        handler: String,
    },
    Const {
        handler: String,
    },
    Variadic {
        handler: String,
    },
    MutReference {
        ty: String,
        named: bool,
    },
    StaticReference {
        ty: String,
    },
    DynReference {
        ty: String,
    },
    SliceReference {
        ty: String,
    },
    StrReference {
        name: Option<String>,
        pattern: String,
        near: Option<String>,
    },
    OptionalState {
        ty: String,
        inner: String,
    },
    BorrowedExtractor {
        ty: String,
    },
    /// `-> (String, ETag)`.
    HeadBehindBody {
        instead: String,
    },
    /// `Header<"user-agent">`.
    HeaderByText {
        ty: String,
        field: String,
    },
    /// `State<&T>`.
    StateOfReference {
        ty: String,
        inner: String,
    },
    /// `&State<T>`
    BorrowedState {
        ty: String,
        inner: String,
    },
    /// `&Rc<T>`, and a field of the state that is one.
    Unshared {
        ty: String,
        of: String,
        field: bool,
    },
    /// `Arc<T>`
    SharedByValue {
        ty: String,
        inner: String,
    },
    /// `State(store): State<T>`
    StatePattern {
        name: String,
        inner: String,
    },
    /// `Extension<T>` and `web::Data<T>` of other frameworks.
    ForeignState {
        ty: String,
        inner: String,
        of_request: bool,
    },
    /// `HttpRequest` of another framework.
    ForeignRequest {
        ty: String,
    },
    /// `ConnectInfo<SocketAddr>` of another framework: what that is here, and what to write.
    ForeignExtractor {
        ty: String,
        means: &'static str,
        instead: String,
    },
    /// `Depends<T>` of another framework.
    Injected {
        ty: String,
        inner: String,
    },
    /// `Response` as an argument.
    ResponseArgument {
        ty: String,
    },
    /// `Request` where there is no body.
    RequestOnGet,
    /// `(Json<T>, HeaderMap)`
    TupleArgument {
        ty: String,
        arguments: Vec<String>,
    },
    /// `str`
    Unsized {
        answer: bool,
    },
    /// `impl Responder` of another framework.
    ForeignResponse {
        ty: String,
    },
    NestedReference {
        ty: String,
    },
    /// `Json<&str>`
    BorrowedData {
        ty: String,
    },
    /// `-> &str`
    BorrowedAnswer {
        ty: String,
    },
    /// `-> Result<T, String>`
    PlainError {
        ty: String,
    },
    /// `Vec<u8>` for a body.
    BytesAsVector,
    /// `Path<(u32, String)>`, or the tuple alone; how to write its parameters instead.
    ParametersAsOne {
        ty: String,
        arguments: Vec<String>,
    },
    ImplArgument {
        ty: String,
    },
    DestructuredParameter {
        name: String,
    },
    QueryAttribute,
    QueryKey {
        key: String,
    },
    QueryTwice,
    QueryOnPath {
        name: String,
    },
    CfgArgument,
    /// `#[header("x-token")] token: String`
    ArgumentAttribute {
        name: String,
    },
    RequestBesideBorrow {
        borrowed: String,
    },
    TooManyExtractors {
        count: usize,
    },
    BlockingAsync {
        handler: String,
    },
    BlockingBorrow {
        name: String,
        ty: String,
    },
    BlockingPart {
        ty: String,
    },

    // derive(AppState)
    StateNotStruct {
        found: &'static str,
    },
    StateTwice {
        ty: String,
        first: String,
        second: String,
    },
    StateOption {
        given: String,
        known: Vec<&'static str>,
    },
    StateFlattenTwice {
        first: String,
        second: String,
    },
    StateBorrow {
        lifetime: String,
    },

    // derive(HttpError)
    ErrorUnion,
    /// `#[status(400)]` on the enum.
    StatusOfEnum,
    StatusMissing {
        variant: String,
    },
    StatusRange {
        given: String,
    },
    StatusTwice {
        variant: String,
    },
    AttributeShape {
        name: &'static str,
        expected: &'static str,
    },
    DetailField {
        given: String,
        known: Vec<String>,
    },
    DetailText {
        what: &'static str,
    },
    FromNotAlone {
        variant: String,
        fields: usize,
    },
    FromTwice {
        ty: String,
    },
    SourceTwice {
        variant: String,
    },
    HttpErrorOption {
        given: String,
    },
}

/// A name of a pattern that no argument has.
#[derive(Debug)]
pub(crate) struct Untaken {
    pub(crate) text: String,
    pub(crate) at: usize,
    pub(crate) len: usize,
    pub(crate) name: String,
    pub(crate) query: bool,
    pub(crate) handler: String,
    /// The argument that was probably meant.
    pub(crate) rename: Option<String>,
}
