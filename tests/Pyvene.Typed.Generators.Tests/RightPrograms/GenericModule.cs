// An own module with a type parameter for its activation.
using var net = new Net<ReLU>(nn.ReLU());
using var plan = Experiment.On<Net<ReLU>>().Zero(Net<ReLU>.Components.Activation.Output).Bind(net);
using var run = plan.Run(randn(2, 4));
Console.WriteLine(run.Receipts[0]);

[InterventionModel]
internal sealed partial class Net<TActivation> : nn.Module<Tensor, Tensor>
    where TActivation : nn.Module<Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(4, 4);
    private readonly TActivation activation;
    private readonly Linear second = nn.Linear(4, 4);

    public Net(TActivation activation) : base("net")
    {
        this.activation = activation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => second.call(activation.call(first.call(input)));
}
