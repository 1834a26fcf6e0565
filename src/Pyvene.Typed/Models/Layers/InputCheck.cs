using System.Globalization;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Checks the arguments of a model before they reach native code, whose own errors do not say which argument is at fault.</summary>
internal static class InputCheck
{
    /// <summary>Checks shapes, dtypes and ranges.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="vocab">The number of token ids.</param>
    /// <param name="width">The width of the embeddings.</param>
    /// <param name="positions">The number of positions that the model knows, or <see langword="null"/> = no bound.</param>
    /// <param name="segments">The number of segment ids, or <see langword="null"/> = the model has none.</param>
    /// <param name="heads">The number of query heads, or <see langword="null"/> = any.</param>
    /// <param name="isEncoder">Whether a mask may give every query its own keys by 1 and 0, where a decoder takes an additive one.</param>
    /// <param name="hasExperts">Whether the model has routers, whose scores can be asked for.</param>
    /// <param name="of">What the names of the arguments begin with: <c>Decoder</c> for those of a decoder that has an encoder before it.</param>
    /// <exception cref="ArgumentException">An argument does not fit; the message says which, what was expected and what is there.</exception>
    public static void Check(
        ModelInputs inputs, long vocab, long width, long? positions = null, long? segments = null, long? heads = null, bool isEncoder = false,
        bool hasExperts = false, string of = "")
    {
        if ((inputs.InputIds is null) == (inputs.InputsEmbeds is null))
        {
            var given = inputs.InputIds is null ? "neither is" : "both are";
            throw new ArgumentException($"Exactly one of {of}InputIds and {of}InputsEmbeds must be given, but {given}.", nameof(inputs));
        }

        CheckFirst(inputs, vocab, width, of);
        var first = (inputs.InputIds ?? inputs.InputsEmbeds)!;
        var (batch, length) = (first.shape[0], first.shape[1]);
        var past = inputs.Past?.Length ?? 0;
        if (past + length > positions && inputs.PositionIds is null)
        {
            var after = past > 0 ? $" after {past} cached ones" : "";
            throw new ArgumentException($"The model knows {positions} positions, but the input has {length}{after}. Shorten it.", nameof(inputs));
        }

        CheckIds(inputs.PositionIds, of + nameof(inputs.PositionIds), batch, length, positions ?? int.MaxValue);
        if (inputs.TokenTypeIds is not null && segments is null)
        {
            throw new ArgumentException("The model has no segments; leave TokenTypeIds out.", nameof(inputs));
        }

        if (inputs.HeadMask is not null && !isEncoder)
        {
            throw new ArgumentException("The model takes no HeadMask; intervene on its attention weights instead.", nameof(inputs));
        }

        if (inputs.OutputRouterLogits && !hasExperts)
        {
            throw new ArgumentException("The model has no experts, and so no routers; leave OutputRouterLogits out.", nameof(inputs));
        }

        if (inputs.ReturnLoss)
        {
            throw new ArgumentException("The model compares no pairs of texts and pictures; leave ReturnLoss out, and give Labels.", nameof(inputs));
        }

        CheckIds(inputs.TokenTypeIds, nameof(inputs.TokenTypeIds), batch, length, segments ?? 0);
        CheckMask(inputs.AttentionMask, of + nameof(inputs.AttentionMask), batch, length, past + length, heads, isEncoder);
    }

    /// <summary>Checks what the attention weights of each head are multiplied with.</summary>
    /// <param name="given">The factors; <see langword="null"/> = none.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="heads">The number of heads.</param>
    /// <exception cref="ArgumentException">They have another shape.</exception>
    public static void CheckHeadMask(Tensor? given, string name, long layers, long heads)
    {
        if (given is not null
            && !(given.dim() == 1 && given.shape[0] == heads)
            && !(given.dim() == 2 && given.shape[0] == layers && given.shape[1] == heads))
        {
            throw Shape(name, $"[{heads}] or [{layers}, {heads}]", given);
        }
    }

    private static void CheckFirst(ModelInputs inputs, long vocab, long width, string of)
    {
        if (inputs.InputIds is { } ids)
        {
            if (ids.dim() != 2 || ids.numel() == 0)
            {
                throw Shape(of + nameof(inputs.InputIds), "[batch, position], at least one of each", ids);
            }

            CheckIds(ids, of + nameof(inputs.InputIds), ids.shape[0], ids.shape[1], vocab);
        }
        else if (inputs.InputsEmbeds is { } embeds && (embeds.dim() != 3 || embeds.shape[2] != width || embeds.numel() == 0))
        {
            throw Shape(of + nameof(inputs.InputsEmbeds), $"[batch, position, {width}], at least one of each", embeds);
        }
    }

    private static void CheckIds(Tensor? ids, string name, long batch, long length, long count)
    {
        if (ids is null)
        {
            return;
        }

        if (ids.dim() != 2 || (ids.shape[0] != batch && ids.shape[0] != 1) || ids.shape[1] != length)
        {
            throw Shape(name, $"[{batch}, {length}]", ids);
        }

        if (ids.dtype is not (ScalarType.Int64 or ScalarType.Int32))
        {
            throw new ArgumentException($"{name} must be of dtype Int64, but is of {ids.dtype}.", name);
        }

        if (ids.is_meta)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (least, most) = (ids.min().Whole(), ids.max().Whole());
        if (least < 0 || most >= count)
        {
            throw new ArgumentOutOfRangeException(name, $"{name} must lie from 0 to {count - 1}, but reach from {least} to {most}.");
        }
    }

    private static void CheckMask(Tensor? mask, string name, long batch, long queries, long keys, long? heads, bool isEncoder)
    {
        if (mask is null)
        {
            return;
        }

        var shape = mask.shape;
        var isPadding = shape.Length == 2 && shape[0] == batch && shape[1] == keys;
        var isForPairs = isEncoder && shape.Length == 3 && shape[0] == batch && shape[1] == queries && shape[2] == keys;
        var isAdditive = !isEncoder && shape.Length == 4 && (shape[0] == batch || shape[0] == 1) && (shape[1] == 1 || heads is null || shape[1] == heads)
            && shape[2] == queries && shape[3] == keys;
        if (!isPadding && !isForPairs && !isAdditive)
        {
            var forPairs = isEncoder
                ? $"[{batch}, {queries}, {keys}]"
                : $"additive [{batch}, 1 or {heads?.ToString(CultureInfo.InvariantCulture) ?? "head"}, {queries}, {keys}]";
            throw Shape(name, $"[{batch}, {keys}] (1 = real, 0 = padding) or {forPairs}", mask);
        }

        if (mask.is_meta)
        {
            return; // what it holds is not known
        }

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        if (isAdditive)
        {
            CheckAdditive(mask, name);
        }
        else
        {
            CheckMarks(mask, name, isPadding);
        }
    }

    /// <summary>Checks that a mask holds 1 and 0, and that every row has a token.</summary>
    private static void CheckMarks(Tensor mask, string name, bool isPadding)
    {
        var isReal = mask.ne(Scalars.Of(0));
        var isOther = isReal.logical_and(mask.ne(Scalars.Of(1)));
        var isEmpty = isPadding ? isReal.any(1).logical_not() : zeros([1], ScalarType.Bool, mask.device); // [row]
        if (!isOther.any().logical_or(isEmpty.any()).IsTrue())
        {
            return;
        }

        throw new ArgumentException(
            isOther.any().IsTrue()
                ? $"{name} must hold 1 (real) and 0 (padding), but holds "
                    + $"{mask.masked_select(isOther)[0].to(ScalarType.Float64).item<double>().ToString(CultureInfo.InvariantCulture)}. An additive mask has "
                    + "an axis for heads and one for queries."
                : $"Row {isEmpty.to(ScalarType.Int64).argmax().item<long>()} of {name} holds 0 only: no token of the row is real. Leave the row out.",
            name);
    }

    /// <summary>Checks a mask for every query and key: true = seen, or floating-point numbers that are added to the scores.</summary>
    private static void CheckAdditive(Tensor mask, string name)
    {
        if (mask.dtype == ScalarType.Bool)
        {
            return;
        }

        const string Remedy = "Give a Bool mask (true = seen), or 0 for what is seen and the lowest number of the dtype for what is not.";
        if (!mask.is_floating_point())
        {
            throw new ArgumentException(
                $"{name} with an axis for queries is added to the scores, or is Bool, but is of {mask.dtype}. {Remedy}",
                name);
        }

        var isOne = mask.eq(Scalars.Of(1));
        var isMarks = isOne.any().logical_and(isOne.logical_or(mask.eq(Scalars.Of(0))).all());
        var isNoNumber = mask.isnan().logical_or(mask.eq(Scalars.Of(double.PositiveInfinity))).any();
        if (isMarks.logical_or(isNoNumber).IsTrue())
        {
            var problem = isNoNumber.IsTrue() ? "holds NaN or +∞" : "holds 1 and 0 only, which added to scores would block nothing";
            throw new ArgumentException($"{name} with an axis for queries {problem}. {Remedy}", name);
        }
    }

    private static ArgumentException Shape(string name, string expected, Tensor actual) =>
        new($"{name} must have the shape {expected}, but has [{string.Join(", ", actual.shape)}].", name);
}
