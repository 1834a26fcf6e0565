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

    /// <summary>Gets what an encoder reads before the text begins, every prompt once; <see langword="null"/> for a model without one.</summary>
    public ModelInputs? Read { get; private init; }

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
    /// <param name="config">The configuration of the model.</param>
    /// <exception cref="ArgumentException">An argument has the wrong shape or dtype, is padded on the right, or is none that generation knows.</exception>
    public static GenerationPrompt From(ModelInputs inputs, GenerationOptions options, ModelConfig config)
    {
        if (HasEncoder(config)) return Begun(Completed(inputs, options, config));
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

    /// <summary>Returns whether a model has an encoder, so that its text begins anew behind what that reads.</summary>
    public static bool HasEncoder(ModelConfig config) => config.GetBoolean("is_encoder_decoder") == true;

    /// <summary>
    /// Returns inputs of a model with an encoder as a generation has them: the decoder's tokens begin with its first token, and what the encoder reads is
    /// masked where it holds the padding token. New tensors belong to the current dispose scope.
    /// </summary>
    /// <exception cref="ArgumentException">An argument has the wrong shape or dtype, or is none that generation knows, or no first token is known.</exception>
    public static ModelInputs Completed(ModelInputs inputs, GenerationOptions options, ModelConfig config)
    {
        if (!HasEncoder(config)) return inputs;
        PromptCheck.CheckRead(inputs);
        var start = FirstToken(options, config) ?? throw new ArgumentException(
            "Neither the options nor the model's configuration say which token the text begins with; set DecoderStartTokenId.", nameof(options));
        using var untracked = no_grad();
        var first = inputs.Leading!;
        var begun = full([first.shape[0], 1], Scalars.Of(start), ScalarType.Int64, first.device); // [batch, 1]
        var given = inputs.DecoderInputIds?.to(ScalarType.Int64); // [batch, decoder position]
        var isBegun = given is not null && (given.is_meta || IsBegun(given, inputs.DecoderAttentionMask, start));
        return inputs with
        {
            AttentionMask = inputs.AttentionMask ?? Guessed(inputs.InputIds, options)?.to(ScalarType.Int64), // [batch, position]
            DecoderInputIds = given is null ? begun : isBegun ? given : cat([begun, given], 1),
            DecoderAttentionMask = given is null || isBegun || inputs.DecoderAttentionMask is not { } mask ? inputs.DecoderAttentionMask
                : cat([ones([mask.shape[0], 1], mask.dtype, mask.device), mask], 1),
            DecoderPositionIds = given is null || isBegun || inputs.DecoderPositionIds is not { } positions ? inputs.DecoderPositionIds
                : cat([zeros([positions.shape[0], 1], positions.dtype, positions.device), positions.add(Scalars.Of(1), Scalars.Of(1))], 1),
        };
    }

    /// <summary>Returns the token that the text of a decoder behind an encoder begins with; <see langword="null"/> = nothing says it.</summary>
    public static long? FirstToken(GenerationOptions options, ModelConfig config) =>
        options.DecoderStartTokenId ?? config.GetInteger("decoder_start_token_id") ?? config.GetInteger("bos_token_id");

    // In the first column, or behind padding.
    private static bool IsBegun(Tensor given, Tensor? mask, long start)
    {
        using var scope = NewDisposeScope();
        if (given.select(1, 0).eq(Scalars.Of(start)).all().IsTrue()) return true;
        if (mask is not { ndim: 2 } || !mask.shape.AsSpan().SequenceEqual(given.shape)) return false;
        var first = mask.ne(Scalars.Of(0)).to(ScalarType.Int64).argmax(1, keepdim: true); // [batch, 1]
        return given.gather(1, first).eq(Scalars.Of(start)).all().IsTrue();
    }

    private static GenerationPrompt Begun(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var tokens = inputs.DecoderInputIds!.alias(); // [batch, decoder position]
        var mask = inputs.DecoderAttentionMask?.ne(Scalars.Of(0)).to(ScalarType.Int64); // [batch, decoder position]
        if (mask is not null) PromptCheck.EndsWithText(mask);
        // [batch, decoder position]
        var positions = inputs.DecoderPositionIds?.to(ScalarType.Int64).alias()
            ?? arange(Scalars.Of(0), Scalars.Of(tokens.shape[1]), Scalars.Of(1), ScalarType.Int64, tokens.device).expand(tokens.shape);
        return new GenerationPrompt(inputs, tokens, mask, positions)
        {
            Read = inputs with { DecoderInputIds = null, DecoderAttentionMask = null, AttentionMask = inputs.AttentionMask?.alias().DetachFromDisposeScope() },
        };
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
        Read?.AttentionMask?.Dispose();
    }
}
