namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class DescribeCausesTests
{
    private const string Right =
        "enum Symbol { A, B } [CausalModel] sealed partial record Equality(Symbol W, Symbol X, Symbol Y, Symbol Z) "
            + "{ public bool WX => W == X; public bool YZ => Y == Z; public bool Same => WX == YZ; }";

    [Theory]
    [InlineData("record [|Not|](bool A) { public bool B => !A; }", "'Not' is not partial, so nothing can be added to it; write 'partial record Not'")]
    [InlineData("file partial record [|Not|](bool A) { public bool B => !A; }",
        "it is local to its file, where generated code cannot reach it; drop 'file'")]
    [InlineData("partial record [|Not|]<T>(bool A) { public bool B => !A; }", "it has type parameters, or lies in a type that has; write it without")]
    [InlineData("abstract partial record [|Not|](bool A) { public bool B => !A; }", "it is abstract, and an object of it is an input; make it sealed")]
    [InlineData("partial record [|Not|](bool A);", "it computes no variable; write a property with a body, such as 'public bool Same => W == X;'")]
    [InlineData("partial record [|Not|](bool A) { public bool B => !A; static void Run() { } }",
        "it has a member 'Run', as what is added to it; name that otherwise")]
    [InlineData("partial class [|Not|](bool a) { public bool A { get; init; } = a; public bool B => !A; }",
        "it can be made from parameters only; make it a record, or its inputs properties with 'init'")]
    public async Task TypeThatIsNoCausalModelIsAnError(string type, string reason) =>
        Assert.Equal($"'Not' cannot be a causal model: {reason}", await Rule.Finds("PVT301", $"[CausalModel] {type}"));

    [Fact]
    public async Task FixMakesTheModelPartial() => await Rule.Fixes(
        "PVT301",
        "[CausalModel]\nsealed record Not(bool A) { public bool B => !A; }",
        "[CausalModel]\nsealed partial record Not(bool A) { public bool B => !A; }");

    [Theory]
    [InlineData("(double[] [|A|]) { public bool B => A.Length > 0; }",
        "'A' cannot be a variable of a causal model: its type is 'double[]'; make it a CausalValue: arrays are equal only when they are the same object")]
    [InlineData("(bool? [|A|]) { public bool B => A is true; }",
        "'A' cannot be a variable of a causal model: its type is 'bool?'; leave '?' out: every variable has a value")]
    [InlineData("(bool A) { public decimal [|B|] => A ? 1 : 0; }",
        "'B' cannot be a variable of a causal model: its type is 'decimal'; make it a bool, an enum, a whole number up to long, a float, a double, a string or "
            + "a CausalValue")]
    [InlineData("(bool A) { internal bool [|B|] => !A; }", "'B' cannot be a variable of a causal model: it is not public; make it public, or static")]
    [InlineData("(bool A) { public bool [|B|] { get; } = true; public bool C => A && B; }",
        "'B' cannot be a variable of a causal model: nobody can set it, and it has no body; add 'init', or compute it in a body")]
    [InlineData("(bool A) { public bool [|Model|] => !A; }",
        "'Model' cannot be a variable of a causal model: 'Model' is the name of what is added to the model; name it otherwise")]
    public async Task PropertyThatIsNoVariableIsAnError(string members, string message) => Assert.Equal(message, await Rule.Finds("PVT302", Model(members)));

    [Theory]
    [InlineData("([property: Between(9, 0)] int [|A|]) { public bool B => A > 1; }",
        "The values of 'A' cannot be used: there is none from 9 to 0; write [Between(0, 9)]")]
    [InlineData("([Between(0, 300)] byte [|A|]) { public bool B => A > 1; }",
        "The values of 'A' cannot be used: a 'byte' goes from 0 to 255; stay in that range, or take another type")]
    [InlineData("([Between(0, 1)] bool [|A|]) { public bool B => !A; }",
        "The values of 'A' cannot be used: [Between] is for whole numbers, and 'bool' is none; list them with [OneOf]")]
    [InlineData("([OneOf(1, \"2\")] int [|A|]) { public bool B => A > 1; }",
        "The values of 'A' cannot be used: \"2\" is no 'int'; write values of the type 'int'")]
    [InlineData("([OneOf(1, 2, 1)] int [|A|]) { public bool B => A > 1; }", "The values of 'A' cannot be used: 1 stands twice; name each value once")]
    [InlineData("([OneOf(From = \"All\")] int [|A|]) { public bool B => A > 1; private static readonly string[] All = []; }",
        "The values of 'A' cannot be used: 'All' holds no sequence of 'int'; make it a int[]")]
    public async Task ValuesOfAnotherTypeAreAnError(string members, string message) => Assert.Equal(message, await Rule.Finds("PVT303", Model(members)));

    [Theory]
    [InlineData("(bool A) { public bool [|B|] => A && C; public bool C => D; public bool D => B; }",
        "'B' is computed from itself: B reads C reads D reads B; remove one of these reads")]
    [InlineData("(bool A) { public bool [|B|] => A && this.B; }", "'B' is computed from itself: B reads B; remove one of these reads")]
    public async Task CircleIsAnError(string members, string message) => Assert.Equal(message, await Rule.Finds("PVT304", Model(members)));

    [Fact]
    public async Task VariableThatReadsNothingIsAnError() => Assert.Equal(
        "'B' reads no variable, so nothing can bring its value about; read one, or make it static",
        await Rule.Finds("PVT305", Model("(bool A) { public bool [|B|] => nameof(A).Length > 1; public bool C => A && B; }")));

    [Theory]
    [InlineData("(bool A) { private readonly bool hidden = true; public bool [|B|] => A && hidden; }",
        "'B' reads the field 'hidden', which is no variable, so what it is computed from cannot be seen; make it a variable, or static readonly")]
    [InlineData("(bool A) { public static bool Hidden = true; public bool [|B|] => A && Hidden; }",
        "'B' reads the field 'Hidden', which can change, so what it is computed from cannot be seen; make it const or static readonly")]
    [InlineData("(bool A) { public static bool Hidden { get; set; } public bool [|B|] => A && Is(); static bool Is() => Hidden; }",
        "'B' reads 'Causal.Hidden', which can change, so what it is computed from cannot be seen; make it a variable")]
    [InlineData("(bool A) { public bool [|B|] => A && Is(); bool Is() => A; }",
        "'B' calls 'Is' of its object, so what it is computed from cannot be seen; make 'Is' static, and give it the variables that it needs")]
    [InlineData("(bool A) { public bool [|B|] => A && Is(this); static bool Is(Causal causal) => causal.A; }",
        "'B' uses 'this' as a whole, so what it is computed from cannot be seen; name the variables that it needs")]
    [InlineData("(bool A) { public bool [|B|] => A && DateTime.Now.Hour > 1; }",
        "'B' uses 'DateTime.Now', which differs from call to call, so what it is computed from cannot be seen; make it an input")]
    [InlineData("(bool A) { public bool [|B|] => A && Random.Shared.Next() > 1; }",
        "'B' uses 'Random.Next', which differs from call to call, so what it is computed from cannot be seen; make it an input")]
    public async Task BodyThatHidesACauseIsAnError(string members, string message) => Assert.Equal(message, await Rule.Finds("PVT306", Model(members)));

    [Fact]
    public async Task InputThatNothingReadsIsAWarning() => Assert.Equal(
        "Nothing is computed from the input 'B'; read it in a variable, or remove it",
        await Rule.Finds("PVT307", Model("(bool A, bool [|B|]) { public bool Not => !A; }")));

    [Theory]
    [InlineData("(bool A, int B) { private const int Two = 2; public bool C => A && B > Two && Is(B); static bool Is(int b) => b < Table.Length; "
        + "private static readonly int[] Table = [1, 2]; }")]
    [InlineData("([OneOf(From = nameof(Causal.All))] CausalValue A, CausalValue B) { public static IReadOnlyList<CausalValue> All { get; } = [1, 2]; "
        + "public bool C => A == B; public string D { get { var text = C ? \"yes\" : \"no\"; return text.ToUpperInvariant(); } } }")]
    [InlineData("{ public required long A { get; init; } public int B => new[] { 1, 2 }.Where(one => one < A).Sum(); }")]
    public async Task RightModelsAreRight(string members) => await Rule.FindsNothing(Model(members));

    [Fact]
    public async Task WhatIsTypedIsRight() => await Rule.FindsNothing(
        "Equality input = new(Symbol.A, Symbol.A, Symbol.A, Symbol.B), source = input with { X = Symbol.B };\n"
            + "bool same = Equality.Interchange(input, (Equality.Variables.WX, source), (Equality.Variables.YZ, source)).Same;\n"
            + "same = Equality.Run(input, Equality.Variables.WX.Is(true)).Same;\n"
            + "var data = Equality.DrawCounterfactual(8, 2, 1, new() { BalancedBy = Equality.Variables.Same, Variables = [Equality.Variables.WX] });\n"
            + "same = Equality.Variables.Same.In(data.Labels[0]);\n" + Right);

    [Theory]
    [InlineData("Equality.Interchange(input, (Equality.Variables.XW, input));", "CS0117")] // misspelt
    [InlineData("Equality.Interchange(input, (Equality.Variables.Same, input));", "CS1503")] // nothing depends on an output
    [InlineData("Equality.Interchange(input, (Equality.Variables.W, input));", "CS1503")] // an input is not computed
    [InlineData("Equality.Interchange(input, (Other.Variables.AA, input));", "CS1503")] // of another model
    [InlineData("Equality.Run(input, Equality.Variables.WX.Is(Symbol.A));", "CS1503")] // a value of another type
    [InlineData("Equality.Run(new Other(true));", "CS1503")] // an input of another model
    [InlineData("_ = Equality.Run(input).Sane;", "CS1061")]
    public async Task WhatDoesNotFitDoesNotCompile(string statement, string error)
    {
        var found = await AnalyzedProgram.Of($"Equality input = new(Symbol.A, Symbol.A, Symbol.A, Symbol.B);\n{statement}\n{Right}\n"
            + "[CausalModel] sealed partial record Other(bool A) { public bool AA => A; public bool B => AA; }").Diagnose();
        Assert.Contains(found, diagnostic => diagnostic.Id == error);
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id.StartsWith("PVT3", StringComparison.Ordinal));
    }

    private static string Model(string members) => $"[CausalModel] sealed partial {(members[0] == '(' ? "record" : "class")} Causal{members}";
}
