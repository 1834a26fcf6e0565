using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is pyvene's GRU as a language model (its <c>GRULMHeadModel</c>): the top layer's state at every step gives a logit for every token.</summary>
/// <remarks>The head is a weight of its own. The loss is the mean cross entropy of the next token, labels of −100 left out.</remarks>
public sealed class GRULMHeadModel : PretrainedModel
{
    private readonly GRUModel gru;
    private readonly Linear lm_head;

    internal GRULMHeadModel(ModelConfig config, Device device)
        : base(nameof(GRULMHeadModel), config)
    {
        gru = new GRUModel(config, device);
        lm_head = new Linear(Settings.Width, Settings.VocabSize, hasBias: false, device);
        RegisterComponents();
    }

    /// <summary>Gets the checked configuration.</summary>
    public GRUConfig Settings => gru.Settings;

    /// <inheritdoc/>
    internal override CheckpointLayout CheckpointLayout { get; } = new() { BasePrefix = "gru." };

    /// <inheritdoc/>
    internal override bool SelectsLogits => true;

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        gru.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, lm_head.weight.shape[0]);
    }

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    public override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var output = gru.call(inputs);
        var states = output.HiddenStates![0]; // [batch, position, dModel]
        var selected = inputs.Labels is null ? inputs.Logits.Select(states) : states; // [batch, selected, dModel]
        var logits = selected is null ? null : lm_head.call(selected); // [batch, selected, vocab]
        return scope.HandOut(new ModelOutput
        {
            Logits = inputs.Labels is null ? logits : inputs.Logits.Select(logits!),
            Loss = inputs.Labels is null ? null : Losses.NextToken(logits!, inputs.Labels),
            LastHiddenState = output.LastHiddenState,
            HiddenStates = inputs.OutputHiddenStates ? output.HiddenStates : null,
        });
    }
}
