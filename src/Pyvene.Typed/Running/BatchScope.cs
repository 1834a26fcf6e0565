using System.Globalization;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Resolves axes against a model's sizes and the positions of a batch's first example.</summary>
internal static class BatchScope
{
    /// <summary>Returns what axes are resolved against.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="tokenizer">What names positions by their tokens; <see langword="null"/> = they are named by number.</param>
    public static AxisScope Of(nn.Module model, Batch batch, TextTokenizer? tokenizer) =>
        new(size => SizeOf(model, size), (positions, axis) => PointsOf(positions, axis, batch, tokenizer));

    private static int SizeOf(nn.Module model, string size) =>
        model is PretrainedModel known && ArchitectureDescriptor.FindByClass(known.GetName()) is { } descriptor
            ? (int)new ArchitectureSizes(descriptor, known.Config)[size]
            : throw new InterventionException(
                "axis", $"No descriptor says how many {size} a {model.GetType().Name} has; take an axis of values of your own, Axis.Of(0, 1, 2).");

    private static IReadOnlyList<AxisPoint<Index>> PointsOf(Positions positions, string? axis, Batch batch, TextTokenizer? tokenizer)
    {
        var hasDecoder = batch.Along(Axes.DecoderPosition) is not null;
        if (axis is not null && !hasDecoder)
        {
            throw new InterventionException(
                "positions", "The model has no decoder behind an encoder, so its tokens have one row of positions; give the positions themselves.");
        }

        if ((axis is null ? batch.Tokens : batch.Along(axis)) is not { } tokens)
        {
            throw new InterventionException(
                "positions", "The positions of an axis are those of tokens, which these inputs have none of; take an axis of numbers, Axis.Of(0, 1).");
        }

        if (axis is null && hasDecoder)
        {
            throw new InterventionException("positions", "The model has an encoder and a decoder, each with positions of its own, so that an axis of positions "
                + "does not say which are meant; take Axis.EncoderPositions(…) or Axis.DecoderPositions(…), or an axis of numbers, Axis.Of(0, 1).");
        }

        var ids = axis == Axes.DecoderPosition ? batch.Inputs.DecoderInputIds : batch.Inputs.InputIds;

        var length = tokens.OffsetsOf(tokens.LastColumns[..1])[0] + 1; // of the first example
        return [.. tokens.OffsetsOf(PositionResolver.Resolve(positions, tokens, "the sweep's positions", "base")[0])
            .Select(position => (Position: position, Token: Token(position)))
            .Select(at => new AxisPoint<Index>(at.Position, NameOf(at.Token) ?? at.Position.ToString(CultureInfo.InvariantCulture), at.Position)
            {
                Synonyms = [new Index(length - at.Position, fromEnd: true)],
                Token = at.Token,
            })];

        string? Token(int position)
        {
            if (tokenizer is null || ids is null) return null;
            using var id = ids[0, tokens.Column(0, position)].cpu();
            return tokenizer.TokenText((int)id.item<long>());
        }
    }

    private static string? NameOf(string? token) => token?.Replace("\n", "\\n", StringComparison.Ordinal).Trim(' ');
}
