using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is pyvene's GRU as a classifier of sequences (its <c>GRUForClassification</c>): the top layer's state behind the last step gives a score for every label.</summary>
/// <remarks>
/// With a mask it is the step of the last 1; the state stays what it is at padding before it. <see cref="ModelOutput.LastHiddenState"/> is pyvene's: behind the
/// last step, and with padding on
/// the right that has been read too.
/// </remarks>
public sealed class GRUForClassification : PretrainedModel
{
    private readonly GRUModel gru;
    private readonly Linear score;

    internal GRUForClassification(ModelConfig config, Device device)
        : base(nameof(GRUForClassification), config)
    {
        gru = new GRUModel(config, device) { ReadsBehindEnd = true };
        score = new Linear(Settings.Width, Settings.LabelCount, hasBias: false, device);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public GRUConfig Settings => gru.Settings;

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru." };

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs) => gru.CheckArguments(inputs);

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var output = gru.call(inputs);
        var end = End(output.HiddenStates![0], output.LastHiddenState!, inputs.AttentionMask); // [batch, dModel]
        var logits = score.call(end); // [batch, label]
        return scope.HandOut(new ModelOutput
        {
            Logits = logits,
            Loss = inputs.Labels is { } labels ? Losses.Classification(logits, labels, Settings.ProblemType) : null,
            LastHiddenState = output.LastHiddenState,
            HiddenStates = inputs.OutputHiddenStates ? output.HiddenStates : null,
        });
    }

    private static Tensor End(Tensor states, Tensor last, Tensor? mask)
    {
        if (mask is null)
        {
            return last;
        }

        var steps = mask.ne(Scalars.Of(0)).to(ScalarType.Int64).mul(arange(Scalars.Of(0), Scalars.Of(states.shape[1]), Scalars.Of(1), ScalarType.Int64, mask.device)).argmax(1); // [batch]
        return states.gather(1, steps.view(-1, 1, 1).expand(-1, 1, states.shape[2])).squeeze(1); // [batch, dModel]
    }
}
