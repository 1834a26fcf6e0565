namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class DescribeModulesTests
{
    [Theory]
    [InlineData("class [|MyNet|]() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }",
        "'MyNet' cannot offer components: 'MyNet' is not partial, so nothing can be added to it; write 'partial class MyNet'")]
    [InlineData("partial class [|MyNet|];",
        "'MyNet' cannot offer components: it is not a TorchSharp module; derive it from nn.Module<Tensor, Tensor> or another of its forms")]
    [InlineData("file partial class [|MyNet|]() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }",
        "'MyNet' cannot offer components: it is local to its file, where generated code cannot reach it; drop 'file'")]
    public async Task ClassThatCannotOfferComponentsIsAnError(string type, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT211", $"[InterventionModel] {type}"));

    [Fact]
    public async Task ClassInAClassThatIsNotPartialIsAnError() =>
        Assert.StartsWith(
            "'MyNet' cannot offer components: 'Outer' is not partial",
            await Rule.Finds("PVT211", $"class Outer {{ {Net("").Replace("class MyNet", "class [|MyNet|]", StringComparison.Ordinal)} }}"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("class MyNet", "partial class MyNet")]
    [InlineData("// mine\npublic sealed class MyNet", "// mine\npublic sealed partial class MyNet")]
    [InlineData("// mine\nclass MyNet", "// mine\npartial class MyNet")]
    public async Task FixMakesTheClassPartial(string before, string after) =>
        await Rule.Fixes(
            "PVT211",
            $"[InterventionModel]\n{before}() : nn.Module<Tensor, Tensor>(\"net\") {{ public override Tensor forward(Tensor input) => input; }}",
            $"[InterventionModel]\n{after}() : nn.Module<Tensor, Tensor>(\"net\") {{ public override Tensor forward(Tensor input) => input; }}");

    [Fact]
    public async Task FixMakesTheTypesAroundItPartialToo() =>
        await Rule.Fixes(
            "PVT211",
            "static class Models\n{\n    partial struct Small\n    {\n        [InterventionModel] class MyNet() : nn.Module<Tensor, Tensor>(\"net\") { public "
                + "override Tensor forward(Tensor input) => input; }\n    }\n}",
            "static partial class Models\n{\n    partial struct Small\n    {\n        [InterventionModel] partial class MyNet() : nn.Module<Tensor, "
                + "Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }\n    }\n}");

    [Theory]
    [InlineData("[InterventionModel] class MyNet;")]
    [InlineData("[InterventionModel] file class MyNet() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }")]
    public async Task ClassThatIsWrongInAnotherWayHasNoFix(string program) => await Rule.OffersNoFix("PVT211", program);

    [Fact]
    public async Task AutoPropertyIsNamedWithItsRemedy() =>
        Assert.Equal(
            "TorchSharp registers the property 'First' as '<First>k__BackingField', so it offers no component and its weights have that name; "
                + "add [field: ComponentName(Name = \"first\")]",
            await Rule.Finds("PVT212", Net("public Linear [|First|] { get; } = nn.Linear(2, 3);")));

    [Fact]
    public async Task FixNamesTheAutoProperty() =>
        await Rule.Fixes(
            "PVT212",
            Net("\n    // the first\n    public Linear First { get; } = nn.Linear(2, 3);\n"),
            Net("\n    // the first\n    [field: TorchSharp.Utils.ComponentName(Name = \"first\")]\n    public Linear First { get; } = nn.Linear(2, 3);\n"));

    [Theory]
    [InlineData("[Component] internal readonly int [|width|] = 3;", "'width' is no module that has an output; remove [Component]")]
    [InlineData("[Component(Name = \"layer one\")] readonly Linear [|fc|] = nn.Linear(2, 3);",
        "'fc' cannot be named 'layer one'; name it with [Component(Name = \"…\")], in Pascal case")]
    [InlineData("readonly Linear [|output|] = nn.Linear(2, 3);", "'output' would be named 'Output', as another is; name it with [Component(Name = \"…\")]")]
    [InlineData("readonly Linear fc = nn.Linear(2, 3); readonly Linear [|_fc|] = nn.Linear(2, 3);",
        "'_fc' would be named 'Fc', as another is; name it with [Component(Name = \"…\")]")]
    [InlineData("[Component(Axes = \"position, width\")] readonly Linear [|fc|] = nn.Linear(2, 3);",
        "'fc' has axes that do not begin with 'batch' and name another; write them as \"batch, position, dModel\" or \"batch, width\"")]
    [InlineData("[Component(Axes = \"batch, d model\")] readonly Linear [|fc|] = nn.Linear(2, 3);",
        "'fc' has the axis 'd model'; write words in camel case with commas between them, such as \"batch, position, dModel\"")]
    [InlineData("[Component(Heads = -2)] readonly Linear [|fc|] = nn.Linear(2, 3);", "'fc' has -2 heads; write how many heads the last axis is split into")]
    [InlineData("[Component(Axes = \"batch, width\", Heads = 2)] readonly Linear [|fc|] = nn.Linear(2, 3);",
        "'fc' is split into heads, but its axes are not batch, position and one more; leave the axes or the heads out")]
    public async Task FieldThatCannotBecomeAComponentIsAnError(string field, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT213", Net(field)));

    [Fact]
    public async Task ModuleThatOffersItsOwnComponentsIsDescribedInItsOwnClass() =>
        Assert.Equal(
            "'inner' is described, but 'Inner' offers its own components; describe them in 'Inner'",
            await Rule.Finds("PVT213", $"{Net("[Component(Heads = 2)] readonly Inner [|inner|] = new();")} {Net("", "Inner")}"));

    [Theory]
    [InlineData("[field: TorchSharp.Utils.ComponentName(Name = \"first\")] public Linear First { get; } = nn.Linear(2, 3);")]
    [InlineData("public Linear First => first; readonly Linear first = nn.Linear(2, 3);")]
    [InlineData(
        "static readonly Linear Shared = nn.Linear(2, 3); readonly List<int> sizes = []; int Width { get; } = 3; "
            + "public int Uses => sizes.Count + Width + (int)Shared.weight.shape[0];")]
    [InlineData("readonly Linear fc = nn.Linear(2, 3); [Component(Name = \"FcTwo\")] readonly Linear _fc = nn.Linear(2, 3);")]
    public async Task RightClassIsLeftAlone(string fields) => await Rule.FindsNothing(Net(fields));

    private static string Net(string fields, string name = "MyNet") =>
        $"[InterventionModel] partial class {name} : nn.Module<Tensor, Tensor> {{ {fields} public {name}() : base(\"net\") => RegisterComponents(); "
            + "public override Tensor forward(Tensor input) => input; }";
}
