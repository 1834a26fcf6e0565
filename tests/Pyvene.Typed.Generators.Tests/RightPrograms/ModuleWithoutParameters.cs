// An own module that has modules and no parameter, such as a fixed transform.
using var net = new Fixed();
using var plan = Experiment.On<Fixed>().Apply(Fixed.Components.Bend.Output, values => values + 1).Bind(net);
using var run = plan.Run(randn(2, 4));
Console.WriteLine(run.Receipts[0]);

[InterventionModel]
internal sealed partial class Fixed : nn.Module<Tensor, Tensor>
{
    private readonly Tanh bend = nn.Tanh();

    public Fixed() : base("fixed") => RegisterComponents();

    public override Tensor forward(Tensor input) => bend.call(input);
}
