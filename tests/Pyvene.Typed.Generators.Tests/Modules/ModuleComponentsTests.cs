using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests.Modules;

/// <summary>What a class of the user's own offers, and what the compiler refuses on it.</summary>
public sealed class ModuleComponentsTests
{
    private const string Types =
        """

        [InterventionModel]
        public partial class Block : nn.Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = nn.Linear(4, 4);
            [Component(Axes = "batch, position, dModel")] private readonly Linear _fc2 = nn.Linear(4, 4);
            private readonly int width = 4;

            public Block() : base("block") => RegisterComponents();

            public override Tensor forward(Tensor input) => _fc2.call(fc1.call(input)).view(-1, width);
        }

        [InterventionModel]
        public partial class MyNet : nn.Module<Tensor, Tensor>
        {
            [Component(Name = "Embedding", Summary = "Where tokens become vectors.")] private readonly Embedding wte = nn.Embedding(10, 4);
            private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(), new Block());
            private readonly ModuleList<LayerNorm> norms = nn.ModuleList(nn.LayerNorm(4));
            [Component(Axes = "batch, width")] private readonly Linear pooled = nn.Linear(4, 4);
            [TorchSharp.Utils.ComponentName(Name = "lm_head")] private readonly nn.Module<Tensor, Tensor> head = nn.Linear(4, 10);
            private readonly ModuleDict<Linear> loose = nn.ModuleDict<Linear>();

            public MyNet() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor input)
            {
                var x = wte.call(input);
                foreach (var block in blocks) x = block.call(x);
                return head.call(pooled.call(norms[0].call(x))) + loose.Count;
            }
        }

        [InterventionModel]
        partial class Other : nn.Module<Tensor, Tensor>
        {
            readonly Linear fc = nn.Linear(2, 2);

            public Other() : base("other") => RegisterComponents();

            public override Tensor forward(Tensor input) => fc.call(input);
        }
        """;

    [Theory]
    [InlineData("MyNet.Components.Embedding.Output", "ModuleSite<MyNet>")]
    [InlineData("MyNet.Components.Embedding.Input", "ModuleSite<MyNet>")]
    [InlineData("MyNet.Components.Embedding.Output.At(^1)", "PositionedSite<MyNet>")]
    [InlineData("MyNet.Components.Blocks[1].Output", "ModuleSite<MyNet>")]
    [InlineData("MyNet.Components.Blocks[1].Fc1.Output.Features(0..2)", "ModuleSite<MyNet>")]
    [InlineData("MyNet.Components.Blocks[1].Fc2.Output", "PositionComponent<MyNet>")]
    [InlineData("MyNet.Components.Norms[0].Input", "ModuleSite<MyNet>")]
    [InlineData("MyNet.Components.Pooled.Output", "WholeComponent<MyNet>")]
    [InlineData("MyNet.Components.Head.Output", "ModuleSite<MyNet>")]
    [InlineData("Block.Components.Fc1.Output", "ModuleSite<Block>")]
    [InlineData("Experiment.On<MyNet>().Zero(MyNet.Components.Blocks[0].Fc1.Output)", "Experiment<MyNet, NoSource>")]
    [InlineData("Experiment.On<MyNet>().Interchange(MyNet.Components.Head.Output)", "Experiment<MyNet, OneSource>")]
    public async Task EveryModuleBecomesAComponentOfItsType(string expression, string type) =>
        await Rule.FindsNothing($"{type} value = {expression}; Console.WriteLine(value); {Types}");

    [Theory]
    [InlineData("a site of another module", "_ = Experiment.On<MyNet>().Zero(Other.Components.Fc.Output);", "CS0619")]
    [InlineData("a site of a part by itself", "_ = Experiment.On<MyNet>().Zero(Block.Components.Fc1.Output);", "CS0619")]
    [InlineData("a site of a module on an architecture", "_ = Gpt2.Experiment.Zero(MyNet.Components.Head.Output);", "CS0619")]
    [InlineData("a site of an architecture on a module", "_ = Experiment.On<MyNet>().Zero(Gpt2.Layer(0).MlpOutput);", "CS0619")]
    [InlineData("positions of what has none", "_ = MyNet.Components.Pooled.Output.At(^1);", "CS1061")]
    [InlineData("a field that is no module", "_ = Block.Components.Width;", "CS0117")]
    [InlineData("a container without an output", "_ = MyNet.Components.Loose;", "CS0117")]
    [InlineData("a list without an index", "_ = MyNet.Components.Blocks.Output;", "CS1061")]
    [InlineData("a class that is no intervention model", "_ = Experiment.On<Linear>();", "CS0311")]
    public async Task WhatDoesNotExistDoesNotCompile(string what, string statement, string error)
    {
        var found = await AnalyzedProgram.Of(statement + Types).Diagnose();
        Assert.True(found.Any(diagnostic => diagnostic.Id == error), $"{what}: {string.Join("; ", found)}");
    }

    [Fact]
    public async Task MisspeltComponentGetsTheNearestName() =>
        Assert.Equal(
            "'Block.Components<MyNet>' has no member 'Fc12'; did you mean 'Fc1'?",
            await Rule.Finds("PVT201", "Console.WriteLine(MyNet.Components.Blocks[0].[|Fc12|].Output);" + Types, "CS1061"));

    [Fact]
    public async Task NestedGenericAndDerivedClassesWork() => await Rule.FindsNothing(
        """
        Console.WriteLine(Space.Outer<int>.Inner<string>.Components.Fc.Output);
        Console.WriteLine(Space.Derived.Components.Fc.Output);
        Console.WriteLine(Space.Derived.Components.Own.Output);

        namespace Space
        {
            public static partial class Outer<TOuter>
            {
                [InterventionModel]
                internal partial class Inner<T> : nn.Module<Tensor, Tensor> where T : class
                {
                    readonly Linear fc = nn.Linear(2, 2);
                    public Inner() : base("inner") => RegisterComponents();
                    public override Tensor forward(Tensor input) => fc.call(input);
                }
            }

            [InterventionModel]
            public partial class Base : nn.Module<Tensor, Tensor>
            {
                private readonly Linear fc = nn.Linear(2, 2);
                public Base() : base("base") => RegisterComponents();
                public override Tensor forward(Tensor input) => fc.call(input);
            }

            [InterventionModel]
            public sealed partial class Derived : Base
            {
                private readonly Part own = new();
                public override Tensor forward(Tensor input) => own.call(base.forward(input));
            }

            [InterventionModel]
            internal partial class Part() : nn.Module<Tensor, Tensor>("part")
            {
                public override Tensor forward(Tensor input) => input;
            }
        }
        """);
}
