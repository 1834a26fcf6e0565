namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class CallModulesTests
{
    [Theory]
    [InlineData("static Tensor Run(Linear layer, Tensor x) => layer.[|forward|](x);",
        "'layer' is run with 'forward', which no hook sees, so no intervention acts in it; use 'call'")]
    [InlineData("static Tensor? Run(nn.Module<Tensor, Tensor>? layer, Tensor x) => layer?.[|forward|](x);", null)]
    [InlineData("static IEnumerable<Tensor> Run(Linear layer, Tensor[] x) => x.Select(layer.[|forward|]);", null)]
    [InlineData(
        "static Tensor Run(Net net, Tensor x) => net.[|forward|](x); class Net() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor "
            + "input) => input; }",
        null)]
    [InlineData(
        "class Net() : nn.Module<Tensor, Tensor>(\"net\") { readonly Linear fc = nn.Linear(2, 2); "
            + "public override Tensor forward(Tensor input) => fc.[|forward|](input); }",
        null)]
    public async Task ForwardOfAnotherModuleIsFound(string program, string? message)
    {
        var found = await Rule.Finds("PVT205", program);
        Assert.True(message is null || message == found, found);
    }

    [Fact]
    public async Task FixCallsTheModule() =>
        await Rule.Fixes(
            "PVT205", "static Tensor Run(Linear layer, Tensor x) => layer.forward(x);", "static Tensor Run(Linear layer, Tensor x) => layer.call(x);");

    [Theory]
    [InlineData("static Tensor Run(Linear layer, Tensor x) => layer.call(x);")]
    [InlineData(
        "class Net() : Base { public override Tensor forward(Tensor input) => base.forward(input); "
            + "} class Base() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; }")]
    [InlineData(
        "class Net() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; "
            + "public Tensor Twice(Tensor input) => this.forward(forward(input)); }")]
    [InlineData(
        "class Net() : nn.Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor input) => input; public Tensor forward(Tensor input, int "
            + "times) => input * times; } static class Use { static Tensor Run(Net net, Tensor x) => net.forward(x, 2); }")]
    [InlineData("class Clock { public void forward() { } } static class Use { static void Run(Clock clock) => clock.forward(); }")]
    public async Task CallAndForwardOfItsOwnAreLeftAlone(string program) => await Rule.FindsNothing(program);
}
