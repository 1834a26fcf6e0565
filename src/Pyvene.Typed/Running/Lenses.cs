using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Reads what a language model holds between its layers, and takes its logits apart.</summary>
public static class Lenses
{
    /// <summary>
    /// Decodes the output of every layer at every position with the model's own final norm and head, the logit lens (nostalgebraist, 2020):
    /// <c>model.Lens("The capital of Spain is", " Madrid")</c>.
    /// </summary>
    /// <remarks>
    /// Each vector is decoded as if it were the last layer's: the final norm takes its statistics, and a bound of logits holds. So what the lens says of the
    /// last layer are the logits. A position of a model that fills in masked tokens predicts its own token, any other the next one.
    /// </remarks>
    /// <param name="model">The model, with a head that gives a logit for every token.</param>
    /// <param name="prompt">The prompts.</param>
    /// <param name="token">The token whose probability and rank are told, one for all prompts or one a prompt; <see langword="null"/> = none.</param>
    /// <param name="top">How many of the likeliest tokens are listed at each place, at least 1.</param>
    /// <exception cref="InterventionException">The model has no such head, or the prompt or the token does not fit it.</exception>
    public static LogitLens Lens(this LanguageModel model, Prompt prompt, TokenChoice? token = null, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var module = model.Given().Module as HeadedModel;
        if (module is not { SelectsLogits: true })
        {
            throw new InterventionException("model", $"A lens decodes with the final norm and the head of a language model, whose blocks all write into one "
                + $"residual stream; a {model.Module.GetName()} has none such.");
        }

        using var scope = NewDisposeScope();
        var batch = model.Prompts.Encode(prompt, "base");
        return LensReader.Read(module, batch, model.Tokenizer, prompt.Count, token, top);
    }

    /// <summary>
    /// Takes the next-token logit of a token, or the difference of two, apart into what the embeddings, every attention and every MLP add to it directly:
    /// <c>model.Attribution("The capital of Italy is", " Rome", " Paris")</c>.
    /// </summary>
    /// <remarks>
    /// The residual stream x behind the last layer is the sum of its terms, x = x₁ + x₂ + …, and the final norm is held at the statistics of the whole: term k
    /// contributes w · γ ⊙ xₖ / rms(x), or w · γ ⊙ (xₖ − mean(xₖ)) / σ(x) where the norm takes the mean away (both roots hold the norm's ε), with the head's
    /// row w of the token, or the difference of two rows. Constants are parts of their own: w · β, the final norm's bias, and, where logits are bounded, what
    /// the bound changes. All parts together are the logit. Where a norm stands at the end of attention or MLP, as in Gemma 2 and OLMo 2, the term is what that
    /// norm adds. It is computed in float64 from values of the model's dtype.
    /// </remarks>
    /// <param name="model">The model, a decoder whose descriptor says what its residual stream is the sum of.</param>
    /// <param name="prompt">The prompts; the logits are those behind their last tokens.</param>
    /// <param name="token">The token, one for all prompts or one a prompt.</param>
    /// <param name="other">The token that counts against it; <see langword="null"/> = none.</param>
    /// <param name="byHead">
    /// Whether attention is split into its heads, each through the output projection (and the norm behind it, held like the final one), with the projection's
    /// bias as a part of its own.
    /// </param>
    /// <exception cref="InterventionException">
    /// The model is no such decoder, the terms do not add up to what is behind the last layer, or the prompt or a token does not fit the model.
    /// </exception>
    public static LogitAttribution Attribution(this LanguageModel model, Prompt prompt, TokenChoice token, TokenChoice? other = null, bool byHead = false)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return new ResidualReader(model.Given()).Read(prompt, token.Given(), other, byHead);
    }
}
