using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Predicts which amino acids of a protein touch, as ESM's models in transformers do.</summary>
public static class ContactPrediction
{
    /// <summary>Predicts contacts from the attention weights of all heads of an ESM model.</summary>
    /// <param name="model">A model of ESM's classes, loaded from a file that holds the head for contacts.</param>
    /// <param name="tokens">The token ids: int64 [batch, position], at least 3 positions; the first is <c>&lt;cls&gt;</c>.</param>
    /// <param name="attentionMask">1 = real and 0 = padding: [batch, position]; <see langword="null"/> = all are real.</param>
    /// <returns>
    /// The probabilities that two amino acids touch: [batch, position - 2, position - 2], without the first and the last position; those of padding and of
    /// <c>&lt;eos&gt;</c> mean nothing. A fresh tensor on the model's device, the caller's to dispose.
    /// </returns>
    /// <remarks>It calls the model, so hooks see the pass; it takes the slower, unfused attention.</remarks>
    /// <exception cref="ArgumentException">The model has no head for contacts, or the tokens do not fit.</exception>
    public static Tensor PredictContacts(this PretrainedModel model, Tensor tokens, Tensor? attentionMask = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        var head = model.modules().OfType<EsmContactHead>().FirstOrDefault() ?? throw new ArgumentException(
            $"{model.GetName()} has no head for contacts: ESM's models have one, where their file holds 'contact_head.regression'.", nameof(model));
        if (tokens.dim() != 2 || tokens.shape[1] < 3)
        {
            throw new ArgumentException(
                $"The tokens must be [batch, position] with at least 3 positions, but have the shape [{string.Join(", ", tokens.shape)}].", nameof(tokens));
        }

        if (attentionMask is not null && !attentionMask.shape.SequenceEqual(tokens.shape))
        {
            throw new ArgumentException(
                $"The mask must have the shape of the tokens, [{string.Join(", ", tokens.shape)}], but has [{string.Join(", ", attentionMask.shape)}].",
                nameof(attentionMask));
        }

        using var scope = NewDisposeScope();
        var output = model.call(new ModelInputs { InputIds = tokens, AttentionMask = attentionMask, OutputAttentions = true });
        var attentions = cat([.. output.Attentions!], 1); // [batch, layer * head, query, key]
        return scope.HandOut(head.call(tokens, attentionMask ?? ones_like(tokens), attentions));
    }
}
