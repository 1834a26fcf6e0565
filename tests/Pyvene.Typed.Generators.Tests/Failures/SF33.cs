// SF33: forward() skips hooks.
// Caught by: PVT205
class Net() : nn.Module<Tensor, Tensor>("net")
{
    private readonly Linear fc = nn.Linear(2, 2);

    public override Tensor forward(Tensor input) => fc.forward(input);
}
