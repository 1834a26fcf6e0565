using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Checks what a generation starts from.</summary>
internal static class PromptCheck
{
    /// <summary>Checks that the inputs are prompts, and that their tensors fit each other.</summary>
    /// <exception cref="ArgumentException">They are not, or do not.</exception>
    public static void Check(ModelInputs inputs)
    {
        if ((inputs.InputIds is null) == (inputs.InputsEmbeds is null))
        {
            throw new ArgumentException(
                $"A prompt is either InputIds or InputsEmbeds, but {(inputs.InputIds is null ? "neither" : "both")} are given.", nameof(inputs));
        }

        RefuseUnknown(inputs);
        if ((inputs.DecoderInputIds ?? inputs.DecoderInputsEmbeds) is not null)
        {
            throw new ArgumentException("The model has no encoder, so that it has no DecoderInputIds or DecoderInputsEmbeds; give InputIds.", nameof(inputs));
        }

        var prompt = (inputs.InputIds ?? inputs.InputsEmbeds)!;
        var rank = inputs.InputIds is null ? 3 : 2;
        if (prompt.dim() != rank || prompt.numel() == 0)
        {
            throw Shape(
                inputs.InputIds is null ? nameof(inputs.InputsEmbeds) : nameof(inputs.InputIds),
                rank == 2 ? "[batch, position]" : "[batch, position, dModel]",
                prompt);
        }

        if (inputs.InputIds is { dtype: not (ScalarType.Int64 or ScalarType.Int32) } ids)
        {
            throw new ArgumentException($"InputIds must be Int64, but are {ids.dtype}.", nameof(inputs));
        }

        Fits(inputs.AttentionMask, nameof(inputs.AttentionMask), prompt);
        Fits(inputs.PositionIds, nameof(inputs.PositionIds), prompt);
        Fits(inputs.TokenTypeIds, nameof(inputs.TokenTypeIds), prompt);
    }

    /// <summary>Checks that the inputs are what an encoder reads, and the tokens that the text begins with, if any.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void CheckRead(ModelInputs inputs)
    {
        RefuseUnknown(inputs);
        if (inputs.Leading is null)
        {
            throw new ArgumentException(
                "There is nothing for the encoder to read: give InputIds, InputsEmbeds, InputFeatures or EncoderOutput.", nameof(inputs));
        }

        if (inputs.DecoderInputsEmbeds is not null)
        {
            throw new ArgumentException("A text begins with tokens: give DecoderInputIds in place of DecoderInputsEmbeds.", nameof(inputs));
        }

        if (inputs.DecoderInputIds is { } ids
            && (ids.dim() != 2 || ids.numel() == 0 || ids.shape[0] != inputs.Leading.shape[0] || ids.dtype is not (ScalarType.Int64 or ScalarType.Int32)))
        {
            throw Shape(nameof(inputs.DecoderInputIds), $"[batch, decoder position] = [{inputs.Leading.shape[0]}, …] of Int64", ids);
        }
    }

    private static void RefuseUnknown(ModelInputs inputs)
    {
        var unknown = (inputs.Past, inputs.Labels, inputs.OutputHiddenStates || inputs.OutputAttentions || inputs.OutputRouterLogits) switch
        {
            (not null, _, _) => "Past: a generation keeps its own cache",
            (_, not null, _) => "Labels: a generation computes no loss",
            (_, _, true) => "OutputHiddenStates, OutputAttentions or OutputRouterLogits: run the model on the generated text to see inside",
            _ => null,
        };
        if (unknown is not null) throw new ArgumentException($"A prompt cannot have {unknown}. Leave it out.", nameof(inputs));
    }

    /// <summary>Checks that no row ends with padding, since the next token is read off the last column.</summary>
    /// <param name="real">Where the prompts are real: int64 [batch, position].</param>
    /// <exception cref="ArgumentException">A row ends with padding.</exception>
    public static void EndsWithText(Tensor real)
    {
        using var scope = NewDisposeScope();
        var last = real.select(1, -1).cpu(); // [batch]
        if (last.min().item<long>() == 0)
        {
            throw new ArgumentException(
                $"Row {last.argmin().item<long>()} of the prompts is padded on the right, so that its next token would follow padding. Pad on the left.");
        }
    }

    private static void Fits(Tensor? tensor, string name, Tensor prompt)
    {
        if (tensor is not null && !tensor.shape.AsSpan().SequenceEqual(prompt.shape.AsSpan(0, 2)))
        {
            throw Shape(name, $"[batch, position] = [{prompt.shape[0]}, {prompt.shape[1]}]", tensor);
        }
    }

    private static ArgumentException Shape(string name, string expected, Tensor actual) =>
        new($"{name} must have the shape {expected}, at least one of each, but has [{string.Join(", ", actual.shape)}].", name);
}
