namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class RegisterModulesTests
{
    private const string Field = "private readonly Linear fc = nn.Linear(4, 4);";
    private const string Forward = "public override Tensor forward(Tensor x) => fc.call(x);";

    [Theory]
    [InlineData("partial class [|MyNet|]() : nn.Module<Tensor, Tensor>(\"net\") { " + Field + Forward + " }")]
    [InlineData("partial class [|MyNet|] : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") { } " + Forward + " }")]
    public async Task ClassThatRegistersNothingIsFound(string declaration) =>
        Assert.StartsWith(
            "'MyNet' never calls RegisterComponents(), so TorchSharp knows none of its modules",
            await Rule.Finds("PVT220", $"[InterventionModel] {declaration}"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("partial class MyNet : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") => RegisterComponents(); " + Forward + " }")]
    [InlineData(
        "partial class MyNet : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") { register_module(\"fc\", fc); } " + Forward + " }")]
    [InlineData("partial class MyNet : nn.Module<Tensor, Tensor> { "
        + Field + " public MyNet() : base(\"net\") => Build(); void Build() => RegisterComponents(); " + Forward + " }")]
    [InlineData("partial class MyNet() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor x) => x; }")]
    public async Task ClassThatRegistersWhatItHasIsLeftAlone(string declaration) => await Rule.FindsNothing($"[InterventionModel] {declaration}");

    [Theory]
    [InlineData("public MyNet() : base(\"net\") { }", "public MyNet() : base(\"net\") { RegisterComponents(); }")]
    [InlineData(
        "public MyNet()\n        : base(\"net\")\n    {\n    }\n", "public MyNet()\n        : base(\"net\")\n    {\n        RegisterComponents();\n    }\n")]
    [InlineData("public MyNet()\n        : base(\"net\")\n    {\n        // starts anew\n        fc.train();\n    }\n",
        "public MyNet()\n        : base(\"net\")\n    {\n        // starts anew\n        fc.train();\n        RegisterComponents();\n    }\n")]
    public async Task FixCallsItInTheConstructor(string constructor, string expected) => await Rule.Fixes("PVT220", Net(constructor), Net(expected));

    [Fact]
    public async Task ClassWithAPrimaryConstructorNeedsItsAuthor() =>
        await Rule.OffersNoFix("PVT220", "[InterventionModel] partial class MyNet() : nn.Module<Tensor, Tensor>(\"net\") { " + Field + Forward + " }");

    private static string Net(string constructor) =>
        $"[InterventionModel] partial class MyNet : nn.Module<Tensor, Tensor>\n{{\n    {Field}\n    {constructor}\n    {Forward}\n}}";
}
