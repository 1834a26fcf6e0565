using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Is a checked batch of prompts: tokens or embeddings, where their padding is, and at which position of the text each column stands.</summary>
internal sealed class GenerationPrompt : IDisposable
{
    private GenerationPrompt(ModelInputs inputs, Tensor? tokens, Tensor? mask, Tensor positions)
    {
        Inputs = inputs;
        Tokens = tokens?.DetachFromDisposeScope();
        Mask = mask?.DetachFromDisposeScope();
        Positions = positions.DetachFromDisposeScope();
    }

    /// <summary>Gets what the caller gave.</summary>
    public ModelInputs Inputs { get; }

    /// <summary>Gets the tokens: int64 [batch, position]; <see langword="null"/> for embeddings.</summary>
    public Tensor? Tokens { get; }

    /// <summary>Gets the mask, 0 = padding: int64 [batch, position]; <see langword="null"/> where nothing is padded.</summary>
    public Tensor? Mask { get; }

    /// <summary>Gets the position ids: int64 [batch, position].</summary>
    public Tensor Positions { get; }

    /// <summary>Gets the number of prompts.</summary>
    public long Batch => Positions.shape[0];

    /// <summary>Gets the number of columns, padding included.</summary>
    public long Length => Positions.shape[1];

    /// <summary>Gets how many of the columns are tokens: all or none.</summary>
    public long TokenCount => Tokens is null ? 0 : Length;

    /// <summary>Gets the device of the prompts.</summary>
    public Device Device => Positions.device;

    /// <summary>Checks prompts and finds their padding: by the mask, or without one by the padding token, if that is no end of a text too.</summary>
    /// <param name="inputs">What the caller gave; its tensors stay the caller's.</param>
    /// <param name="options">The options, which know the padding token.</param>
    /// <exception cref="ArgumentException">An argument has the wrong shape or dtype, is padded on the right, or is none that generation knows.</exception>
    public static GenerationPrompt From(ModelInputs inputs, GenerationOptions options)
    {
        PromptCheck.Check(inputs);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var tokens = inputs.InputIds?.to(ScalarType.Int64).alias(); // [batch, position]
        var given = (tokens ?? inputs.InputsEmbeds)!;
        var real = (inputs.AttentionMask?.ne(Scalars.Of(0))
            ?? Guessed(tokens, options)
            ?? ones(given.shape[0], given.shape[1], device: given.device)).to(ScalarType.Int64); // [batch, position]
        PromptCheck.EndsWithText(real);
        // Padding gets position 1, as in transformers: a number that every model has.
        // [batch, position]
        var positions = inputs.PositionIds?.to(ScalarType.Int64).alias() ?? (real.cumsum(1) - Scalars.Of(1)).masked_fill(real.eq(Scalars.Of(0)), Scalars.Of(1));
        return new GenerationPrompt(inputs, tokens, real.min().item<long>() == 0 ? real : null, positions);
    }

    /// <summary>Returns the tokens that texts begin with, every prompt several times; none after embeddings: int64 [row, position].</summary>
    /// <param name="copies">How many rows a prompt becomes.</param>
    public Tensor TokenRows(int copies) => Tokens?.repeat_interleave(copies, 0) ?? empty([Batch * copies, 0], ScalarType.Int64, Device);

    /// <summary>Returns where tokens are no padding, or <see langword="null"/> where nothing tells: bool [batch, position].</summary>
    private static Tensor? Guessed(Tensor? tokens, GenerationOptions options) =>
        tokens is not null && options.PadTokenId is { } pad && !options.EosTokenIds.Contains(pad) ? tokens.ne(Scalars.Of(pad)) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens?.Dispose();
        Mask?.Dispose();
        Positions.Dispose();
    }
}
