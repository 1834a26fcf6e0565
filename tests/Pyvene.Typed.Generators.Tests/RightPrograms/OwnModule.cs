// A network of one's own: bound once, run many times, in a loop over its blocks.
using var net = new Net();
var experiment = Enumerable.Range(0, 3).Aggregate(Experiment.On<Net>(), (steps, block) => steps.Zero(Net.Components.Blocks[block].Output.Features(0..2)));
using var plan = experiment.Bind(net);
foreach (var batch in (Tensor[])[randn(2, 4), randn(3, 4)])
{
    using var run = plan.Run(batch);
    Console.WriteLine(run.Output);
}

[InterventionModel]
internal sealed partial class Net : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> blocks = nn.ModuleList(nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4));

    public Net() : base("net") => RegisterComponents();

    public override Tensor forward(Tensor input) => blocks.Aggregate(input, (x, block) => block.call(x));
}
