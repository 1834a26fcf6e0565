#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// What does one layer of a network of your own do? One attribute, and its modules are typed places for experiments.
// Run: dotnet run examples/03-your-own-module.cs
using Pyvene.Typed;
using TorchSharp.Modules;
using static TorchSharp.torch;

random.manual_seed(1);
using var net = new MyNet();

var experiment = Experiment.On<MyNet>()
    .Interchange(MyNet.Components.Blocks[1].Up.Output.Features(0..4))   // four of eight hidden features, from the source
    .Collect(MyNet.Components.Blocks[1].Output, out var behind);

using var plan = experiment.Bind(net);                                  // checked once, runs many times
using var run = plan.Run(randn(2, 4), source: randn(2, 4));
Console.WriteLine(run.Receipts[0]);
Console.WriteLine($"behind block 1 [{string.Join(", ", run[behind].shape)}], output [{string.Join(", ", run.Output.shape)}]");
Console.WriteLine(experiment.ToConfig().ToJson());

[InterventionModel]
internal sealed partial class MyNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(), new Block());
    private readonly Linear head = nn.Linear(4, 3);

    public MyNet() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(blocks.Aggregate(input, (x, block) => block.call(x)));
}

[InterventionModel]
internal sealed partial class Block : nn.Module<Tensor, Tensor>
{
    [Component(Axes = "batch, width", Summary = "Hidden features before the bend.")]
    private readonly Linear up = nn.Linear(4, 8);
    private readonly Linear down = nn.Linear(8, 4);

    public Block() : base("block") => RegisterComponents();

    public override Tensor forward(Tensor input) => input + down.call(up.call(input).relu());
}
