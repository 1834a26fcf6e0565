namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ResolvePathsTests
{
    private const string Model =
        """
        sealed class ToyModel : nn.Module<Tensor, Tensor>
        {
            readonly Embedding tokens = nn.Embedding(5, 4);
            [TorchSharp.Utils.ComponentName(Name = "h")]
            readonly ModuleList<Block> blocks = [];
            readonly nn.Module<Tensor, Tensor> anything = nn.Identity();
            readonly Sequential row = nn.Sequential(nn.Identity());
            readonly int width = 3;
            public ToyModel() : base("toy") => RegisterComponents();
            public override Tensor forward(Tensor input) => input + width;
        }

        class Block() : nn.Module<Tensor, Tensor, (Tensor, Tensor)>("block")
        {
            readonly Linear mlp = nn.Linear(4, 4);
            public override (Tensor, Tensor) forward(Tensor hidden, Tensor keyStates) => (hidden, keyStates);
        }
        """;

    [Theory]
    [InlineData("tokenz", "Module path 'tokenz' leads nowhere in 'ToyModel': 'ToyModel' is where it ends, it has no module 'tokenz'; did you mean 'tokens'?")]
    [InlineData("blocks[layer]",
        "Module path 'blocks[layer]' leads nowhere in 'ToyModel': 'ToyModel' is where it ends, it has no module 'blocks'; "
            + "known are tokens, h, anything, row, width")]
    [InlineData(
        "h[layer].mpl", "Module path 'h[layer].mpl' leads nowhere in 'ToyModel': 'Block' is where it ends, it has no module 'mpl'; did you mean 'mlp'?")]
    [InlineData("h[layer][0]",
        "Module path 'h[layer][0]' leads nowhere in 'ToyModel': 'Block' is where it ends, it is no ModuleList, so it has no module '[0]'; "
            + "name a field, or make it a ModuleList")]
    [InlineData("/width", "Module path '/width' leads nowhere in 'ToyModel': 'ToyModel' is where it ends, 'width' is int, which is no module; name a module")]
    public async Task APathThatLeadsNowhereIsAnErrorInTheDescriptor(string path, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT111", Model, Descriptor($"[|\"{path}\"|]")));

    [Theory]
    [InlineData("\"h[layer]\"", "\"output\", \"item\": 2",
        "'one' cannot be a result of 'Block': it returns Tensor, Tensor; 'item' counts from 0 to 1, and must name a tensor")]
    [InlineData(
        "\"h[layer].mlp\"", "\"input\", \"item\": 1", "'one' cannot be an argument of 'Linear': it takes Tensor; leave 'item' out, or name a module inside it")]
    [InlineData("\"h[layer]\"", "\"input\", \"argument\": \"key_state\"",
        "'one' cannot be an argument of 'Block': it has no argument 'key_state'; did you mean 'keyStates'?")]
    public async Task ATensorThatTheModuleDoesNotHaveIsAnErrorInTheDescriptor(string path, string side, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT112", Model, Descriptor($"[|{path}|]", side)));

    [Theory]
    [InlineData("h[layer].mlp", "\"output\"")]
    [InlineData("h[layer]", "\"output\", \"item\": 1")]
    [InlineData("h[layer]", "\"input\", \"argument\": \"key_states\"")]
    [InlineData("/tokens", "\"output\"")]
    [InlineData("/", "\"output\"")]
    public async Task APathThatIsThereIsLeftAlone(string path, string side) => await Rule.FindsNothing(Model, Descriptor($"\"{path}\"", side));

    [Theory]
    [InlineData("anything.inside.it")]
    [InlineData("row[0].inside")]
    public async Task WhatTypesDoNotTellIsTakenOnTrust(string path) => await Rule.FindsNothing(Model, Descriptor($"\"{path}\""));

    [Theory]
    [InlineData(
        "class ToyModel() : nn.Module<Tensor, Tensor>(\"toy\") { public void Add() => register_module(\"late\", nn.Identity()); "
            + "public override Tensor forward(Tensor input) => input; }")]
    [InlineData(
        "class ToyModel : nn.Module<Tensor, Tensor> { public ToyModel() : base(\"toy\") => Parts.AddTo(this); "
            + "public override Tensor forward(Tensor input) => input; } static class Parts { public static void AddTo(nn.Module module) { } }")]
    [InlineData("abstract class ToyModel() : nn.Module<Tensor, Tensor>(\"toy\");")]
    [InlineData(
        "class ToyModel() : nn.Module<Tensor, Tensor>(\"toy\") { public override Tensor forward(Tensor input) => input; "
            + "} sealed class Derived : ToyModel { readonly Linear late = nn.Linear(2, 2); }")]
    [InlineData("sealed class Elsewhere;")]
    [InlineData("sealed class ToyModel;")]
    public async Task AClassThatMayHaveMoreModulesThanItsFieldsIsTakenOnTrust(string source) => await Rule.FindsNothing(source, Descriptor("\"late\""));

    [Fact]
    public async Task AComponentIsLookedForInTheClassesThatHaveIt() =>
        await Rule.FindsNothing(Model, Descriptor("\"/head\"", "\"output\", \"classes\": [\"ToyHead\"]"));

    private static DescriptorFile Descriptor(string path, string side = "\"output\"") => new(
        "toy.pyvene.json",
        $$"""
        {
          "architecture": "toy", "type": "Toy", "summary": "A toy.", "classes": { "ToyModel": "", "ToyHead": "body." }, "sizes": { "layers": ["n"] },
          "layers": [ { "type": "Block", "count": "layers" } ],
          "components": [ { "name": "one", "path": {{path}}, "side": {{side}}, "axes": ["batch", "position", "feature"], "summary": "One." } ]
        }
        """);
}
