using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a language model: a decoder and a head that gives a logit for every token.</summary>
/// <remarks>
/// Logits are computed for the positions that <see cref="ModelInputs.Logits"/> selects; then the final norm, too, sees only those, unless hidden
/// states or a loss are asked for.
/// The loss is the mean cross entropy of the next token, labels of −100 left out; where routers' scores are asked for, their load-balancing loss is
/// <c>aux_loss</c>, and a part of the loss.
/// </remarks>
public sealed class CausalLanguageModel : HeadedModel
{
    private readonly Func<Tensor, Tensor> head;
    private readonly Func<Tensor> weight; // [vocab, dModel]

    internal CausalLanguageModel(string name, ModelConfig config, DecoderArchitecture architecture, Weights weights)
        : this(name, architecture.CreateBody(architecture, config, weights), architecture.Parts.Body, architecture.Parts.Head, weights)
    {
    }

    internal CausalLanguageModel(string name, TextBody body, string bodyName, string headName, Weights weights)
        : base(name, body, bodyName)
    {
        nn.Module<Tensor, Tensor> map = body.Config.Flag("tie_word_embeddings")
            ? new TiedLinear(body.Tokens)
            : new Linear(body.Width, body.VocabSize, hasBias: false, weights);
        register_module(headName, map);
        weight = () => map is TiedLinear tied ? tied.Weight : ((Linear)map).weight;
        head = body.LogitCap is { } cap ? hidden => Capped(map.call(hidden), cap)
            : body.HasWideLogits ? hidden => map.call(hidden.to(body.Tokens.weight.dtype)).Wide()
            : map.call;
    }

    /// <inheritdoc/>
    internal sealed override bool SelectsLogits => true;

    /// <summary>Gets the final norm; <see langword="null"/> = there is none, or the head reads more than its output.</summary>
    internal IHeldNorm? FinalNorm => Body.FinalNorm;

    /// <summary>Gets whether logits are bent towards a bound.</summary>
    internal bool BoundsLogits => Body.LogitCap is not null;

    /// <summary>Returns what logits measure the final norm's output with: [token, dModel], a row a token.</summary>
    /// <param name="tokens">The tokens: int64 [token].</param>
    internal Tensor DirectionsOf(Tensor tokens) => weight().index_select(0, tokens);

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        base.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, Body.VocabSize);
    }

    /// <inheritdoc/>
    private protected override ModelOutput Finish(TextPass pass) =>
        pass.Inputs.Labels is { } labels ? WithLoss(pass, labels)
        : pass.HiddenStates is null ? Selected(pass)
        : WithHiddenStates(pass);

    private static Tensor Capped(Tensor logits, double cap) => logits.div(Scalars.Of(cap)).tanh_().mul(Scalars.Of(cap)); // [row, selected, vocab]

    private ModelOutput Selected(TextPass pass)
    {
        var selected = Body.Read(pass, pass.Inputs.Logits); // [row, selected, dModel]
        return Output(pass, null, selected is null ? null : head(selected));
    }

    private ModelOutput WithHiddenStates(TextPass pass)
    {
        var last = Body.Read(pass, LogitsSelection.All)!; // [row, position, dModel]
        var selected = pass.Inputs.Logits.Select(last); // [row, selected, dModel]
        return Output(pass, last, selected is null ? null : head(selected));
    }

    private ModelOutput WithLoss(TextPass pass, Tensor labels)
    {
        var last = Body.Read(pass, LogitsSelection.All)!; // [row, position, dModel]
        var logits = head(last); // [row, position, vocab]
        return Output(pass, last, pass.Inputs.Logits.Select(logits), Losses.NextToken(logits, labels));
    }

    private ModelOutput Output(TextPass pass, Tensor? last, Tensor? logits, Tensor? loss = null)
    {
        if (Body.Experts is not { } experts || pass.RouterScores is not { } scores)
        {
            return TextBody.Output(pass, last, new ModelOutput { Logits = logits, Loss = loss });
        }

        var balance = Losses.Balance(scores, experts.Chosen, pass.Inputs.AttentionMask); // a scalar
        return TextBody.Output(pass, last, new ModelOutput
        {
            Logits = logits,
            Loss = loss?.add(balance, Scalars.Of(experts.LossFactor)),
            Named = new Dictionary<string, Tensor> { ["aux_loss"] = balance },
        });
    }
}
