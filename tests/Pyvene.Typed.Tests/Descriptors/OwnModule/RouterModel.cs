using Pyvene.Typed.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Sends all tokens in one axis through a router: [batch, position, 4] to [batch, position, expert].</summary>
internal sealed class RouterModel : PretrainedModel
{
    private readonly Linear router = nn.Linear(4, 3);

    public RouterModel()
        : base(nameof(RouterModel), ModelConfig.Parse("""{"num_local_experts": 3}""", "test")) => RegisterComponents();

    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var input = inputs.InputsEmbeds!;
        var routed = router.call(input.reshape(-1, 4)); // [batch * position, expert]
        return new ModelOutput { LastHiddenState = routed.view(input.shape[0], input.shape[1], 3).MoveToOuterDisposeScope() };
    }
}
