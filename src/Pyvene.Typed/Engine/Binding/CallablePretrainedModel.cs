using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is one of the library's models as the engine sees it.</summary>
/// <param name="model">The model.</param>
/// <param name="stages">The model block by block; <see langword="null"/> = in its own order, if it can.</param>
internal sealed class CallablePretrainedModel(PretrainedModel model, IBlockwiseModel? stages = null) : CallableModel
{
    /// <inheritdoc/>
    public override nn.Module Root => model;

    /// <inheritdoc/>
    public override string ClassName => model.GetName();

    /// <inheritdoc/>
    public override ModelConfig Config => model.Config;

    /// <inheritdoc/>
    public override IBlockwiseModel? Blocks { get; } = stages ?? model as IBlockwiseModel;

    /// <inheritdoc/>
    public override bool RowsAreIndependent => model.RowsAreIndependent;

    /// <inheritdoc/>
    public override bool KeepsRunsApart => model.KeepsRunsApart;

    /// <inheritdoc/>
    public override bool IsCausal => model.IsCausal;

    /// <inheritdoc/>
    public override bool SharesPositions => model.SharesPositions;

    /// <inheritdoc/>
    public override bool SelectsLogits => model.SelectsLogits;

    /// <inheritdoc/>
    public override string PositionAxisOf(string path) => model.PositionAxisOf(path);

    /// <inheritdoc/>
    public override CallableModel For(IReadOnlyCollection<string> paths) =>
        model is BlockwiseModel own && own.StagesFor(paths) is var best && best != Blocks ? new CallablePretrainedModel(model, best) : this;

    /// <inheritdoc/>
    public override void Check(ModelInputs inputs)
    {
        CheckTensors(inputs);
        model.CheckArguments(inputs);
    }

    /// <inheritdoc/>
    public override ModelOutput Call(ModelInputs inputs) => model.call(inputs);

    private void CheckTensors(ModelInputs inputs)
    {
        var own = model.parameters().First();
        var given = InputField.All.Select(field => (Field: field, Tensor: inputs[field])).Where(item => item.Tensor is not null).ToArray();
        if (given.FirstOrDefault(item => item.Tensor!.device_type != own.device_type || item.Tensor.device_index != own.device_index).Tensor is { } elsewhere)
        {
            throw new ArgumentException(
                $"The model lies on {own.device}, but an input on {elsewhere.device}. Move the inputs with to(device).", nameof(inputs));
        }

        if (given.FirstOrDefault(item => item.Field.IsReal && item.Tensor!.dtype != own.dtype).Tensor is { } other)
        {
            throw new ArgumentException($"The model computes in {own.dtype}, but an input is of {other.dtype}. Convert it with to(dtype).", nameof(inputs));
        }
    }
}
