namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class RegisterModulesTests
{
    private const string Field = "private readonly Linear fc = nn.Linear(4, 4);";
    private const string Forward = "public override Tensor forward(Tensor x) => fc.call(x);";

    [Theory]
    [InlineData("partial class [|MyNet|]() : nn.Module<Tensor, Tensor>(\"net\") { " + Field + Forward + " }")]
    [InlineData("partial class [|MyNet|] : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") { } " + Forward + " }")]
    public async Task ClassThatRegistersNothingIsFound(string declaration) =>
        Assert.StartsWith("'MyNet' never calls RegisterComponents(), so TorchSharp knows none of its modules", await Rule.Finds("PVT220", $"[InterventionModel] {declaration}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("partial class MyNet : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") => RegisterComponents(); " + Forward + " }")]
    [InlineData("partial class MyNet : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") { register_module(\"fc\", fc); } " + Forward + " }")]
    [InlineData("partial class MyNet : nn.Module<Tensor, Tensor> { " + Field + " public MyNet() : base(\"net\") => Build(); void Build() => RegisterComponents(); " + Forward + " }")]
    [InlineData("partial class MyNet() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor x) => x; }")]
    public async Task ClassThatRegistersWhatItHasIsLeftAlone(string declaration) => await Rule.FindsNothing($"[InterventionModel] {declaration}");
}
