using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one of the library's models as the engine sees it.</summary>
internal sealed class CallablePretrainedModel(PretrainedModel model) : CallableModel
{
    /// <inheritdoc/>
    public override nn.Module Root => model;

    /// <inheritdoc/>
    public override string ClassName => model.GetName();

    /// <inheritdoc/>
    public override ModelConfig Config => model.Config;

    /// <inheritdoc/>
    public override IBlockwiseModel? Blocks => model as IBlockwiseModel;

    /// <inheritdoc/>
    public override bool RowsAreIndependent => model.RowsAreIndependent;

    /// <inheritdoc/>
    public override void Check(ModelInputs inputs) => model.CheckArguments(inputs);

    /// <inheritdoc/>
    public override ModelOutput Call(ModelInputs inputs) => model.call(inputs);
}
