using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of bare models of texts or pictures, whatever their blocks do: embeddings, blocks, a final norm where there is one, no head.</summary>
internal abstract class TextBody : BlockwiseModel
{
    private protected TextBody(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    internal sealed override CheckpointLayout CheckpointLayout => LayoutOf(isBare: true);

    /// <summary>Gets the width of token embeddings and of what heads read: dModel, but in OPT.</summary>
    internal abstract long Width { get; }

    /// <summary>Gets the number of tokens.</summary>
    internal virtual long VocabSize => throw new NotSupportedException($"{GetName()} is under no head of tokens.");

    /// <summary>Gets the token embedding, which a tied head shares.</summary>
    internal virtual Embedding Tokens => throw new NotSupportedException($"{GetName()} is under no head of tokens.");

    /// <summary>Gets the bound that the logits of a head are bent towards, or <see langword="null"/>.</summary>
    internal virtual double? LogitCap => null;

    /// <summary>Gets the experts of its blocks, or <see langword="null"/>.</summary>
    internal virtual ExpertSettings? Experts => null;

    /// <summary>Gets whether logits are float32 where the weights are of 16 bits; the head then reads a residual stream that may be, too.</summary>
    internal virtual bool HasWideLogits => false;

    /// <inheritdoc/>
    public override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<TextPass>(pass);
        using var scope = NewDisposeScope();
        var last = Read(finished, LogitsSelection.All)!; // [row, position, dModel]
        return scope.HandOut(Output(finished, last, new ModelOutput { LastHiddenState = last }));
    }

    /// <summary>Returns how the architecture's checkpoints are laid out.</summary>
    /// <param name="isBare">Whether for this model itself, or for one that puts a head on it.</param>
    internal abstract CheckpointLayout LayoutOf(bool isBare);

    /// <summary>Gets the final norm where <see cref="Normalize"/> is that norm and nothing else; else <see langword="null"/>.</summary>
    internal virtual IHeldNorm? FinalNorm => null;

    /// <summary>Calls the final norm: [row, position, dModel].</summary>
    internal abstract Tensor Normalize(Tensor hidden);

    /// <summary>
    /// Returns what a head reads behind the last block, [row, selected, dModel], or <see langword="null"/> when nothing is selected: the final norm's output,
    /// unless the architecture makes something of it.
    /// </summary>
    /// <param name="pass">The pass behind the last block.</param>
    /// <param name="positions">At which positions.</param>
    internal virtual Tensor? Read(TextPass pass, LogitsSelection positions) =>
        positions.Select(pass.Hidden) is { } selected ? Normalize(selected) : null;

    /// <summary>Completes an output with what a pass collected on its way.</summary>
    /// <param name="pass">The pass behind the last block.</param>
    /// <param name="last">The final norm's output, or <see langword="null"/> when it was not computed for every position.</param>
    /// <param name="output">The output of the head.</param>
    internal static ModelOutput Output(TextPass pass, Tensor? last, ModelOutput output) => new()
    {
        Logits = output.Logits,
        Loss = output.Loss,
        LastHiddenState = output.LastHiddenState,
        PoolerOutput = output.PoolerOutput,
        HiddenStates = pass.HiddenStates is null || last is null ? null : [.. pass.HiddenStates, last.alias()],
        Attentions = pass.Attentions,
        RouterLogits = pass.RouterScores is { } scores ? [.. scores.Select(block => block.flatten(0, 1))] : null,
        Named = pass.Named.Count == 0 ? output.Named : output.Named.Concat(pass.Named).ToDictionary(),
        Past = pass.Kept,
    };
}
