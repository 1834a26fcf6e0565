using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is the base of models in which a decoder looks back at what an encoder made. Their blocks are those of the encoder, its end with the beginning of the
/// decoder, and those of the decoder, so that many runs that differ in the decoder alone run the encoder once.
/// </summary>
internal abstract class EncoderDecoderModel : BlockwiseModel
{
    private protected EncoderDecoderModel(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BlockPaths =>
        [.. EncoderPaths.Blocks, EncoderPaths.End, .. DecoderBlockCount == 0 ? [] : DecoderPaths.Blocks];

    /// <inheritdoc/>
    public sealed override int LastBeginning => EncoderBlockCount;

    /// <summary>Gets the blocks of the encoder, and what ends it.</summary>
    private protected abstract (IReadOnlyList<string> Blocks, string End) EncoderPaths { get; }

    /// <summary>Gets the blocks of the decoder, and what all of it lies in.</summary>
    private protected abstract (IReadOnlyList<string> Blocks, string Stack) DecoderPaths { get; }

    /// <summary>Gets whether a decoder follows; else the model ends with its encoder.</summary>
    internal override bool HasDecoder => true;

    private int EncoderBlockCount => EncoderPaths.Blocks.Count;

    private int DecoderBlockCount => HasDecoder ? DecoderPaths.Blocks.Count : 0;

    /// <inheritdoc/>
    internal override string PositionAxisOf(string path) => path.StartsWith(DecoderPaths.Stack + ".", StringComparison.Ordinal) && !ReadsMemory(path)
        ? Axes.DecoderPosition
        : EncoderAxis;

    /// <summary>Gets the axis that positions of the encoder are counted along.</summary>
    private protected virtual string EncoderAxis => Axes.Position;

    /// <summary>Returns whether a module of the decoder reads the encoder's output alone, such as one that makes keys of it.</summary>
    private protected abstract bool ReadsMemory(string path);

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        inputs = Completed(inputs);
        CheckArguments(inputs);
        var state = ModelState.Of<EncoderDecoderState>(inputs.Past);
        if (inputs.EncoderOutput is { } known)
        {
            return new EncoderDecoderPass(inputs, known.alias(), null) { State = state };
        }

        if (inputs.InputIds is null && inputs.InputsEmbeds is null && inputs.InputFeatures is null)
        {
            // Keys and values of the encoder's output are kept, which is all that the decoder reads of it.
            var rows = (inputs.DecoderInputIds ?? inputs.DecoderInputsEmbeds)!.shape[0];
            var own = parameters().First();
            return new EncoderDecoderPass(inputs, zeros([rows, 1, 1], own.dtype, own.device), null) { State = state };
        }

        var hidden = Read(inputs); // [row, position, dModel]
        return new EncoderDecoderPass(inputs, hidden, ReadingContext(inputs, hidden)) { State = state };
    }

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block)
    {
        var running = BlockwisePass.Of<EncoderDecoderPass>(pass);
        using var scope = NewDisposeScope();
        if (block < EncoderBlockCount)
        {
            if (running.Reading is null) return;
            running.Read?.Add(pass.Hidden.alias().MoveToOuterDisposeScope());
            pass.Hidden = scope.HandOut(EncoderBlock(block).call(pass.Hidden, running.Reading));
            HandOut(running.Reading);
        }
        else if (block == EncoderBlockCount)
        {
            Turn(running, scope);
        }
        else
        {
            running.Written?.Add(pass.Hidden.alias().MoveToOuterDisposeScope());
            pass.Hidden = scope.HandOut(DecoderBlock(block - EncoderBlockCount - 1).call(pass.Hidden, running.Writing!));
            HandOut(running.Writing!.Own);
            HandOut(running.Writing.Crossing);
        }

        void HandOut(AttentionContext context)
        {
            if (context.Weights is { Count: > 0 } weights) scope.HandOut(weights[^1]);
        }
    }

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        var finished = BlockwisePass.Of<EncoderDecoderPass>(pass);
        using var scope = NewDisposeScope();
        if (!HasDecoder)
        {
            return scope.HandOut(EncoderOutput(finished, pass.Hidden.alias()));
        }

        var last = WrittenEnd(pass.Hidden); // [row, decoder position, dModel]
        var output = Output(finished.Inputs, last);
        return scope.HandOut(new ModelOutput
        {
            Logits = output.Logits,
            Loss = output.Loss,
            LastHiddenState = output.LastHiddenState,
            HiddenStates = finished.Written is null ? null : [.. finished.Written, last.alias()],
            Attentions = finished.Writing!.Own.Weights,
            CrossAttentions = finished.Writing.Crossing.Weights,
            Parts = finished.Writing.Memory is { } memory
                ? new Dictionary<string, ModelOutput> { ["encoder"] = EncoderOutput(finished, memory.alias()) }
                : new Dictionary<string, ModelOutput>(),
            Past = finished.State,
        });
    }

    /// <summary>Returns the inputs with what follows from others: without tokens of the decoder they are the labels, moved one place to the right.</summary>
    private protected ModelInputs Completed(ModelInputs inputs) =>
        HasDecoder && inputs is { Labels: { } labels, DecoderInputIds: null, DecoderInputsEmbeds: null } && labels.dim() == 2
            ? inputs with { DecoderInputIds = Moved(labels) }
            : inputs;

    /// <summary>Computes the residual stream before the encoder's first block: [row, position, dModel].</summary>
    private protected abstract Tensor Read(ModelInputs inputs);

    /// <summary>Prepares the attention of the encoder.</summary>
    private protected abstract AttentionContext ReadingContext(ModelInputs inputs, Tensor hidden);

    /// <summary>Returns a block of the encoder.</summary>
    private protected abstract nn.Module<Tensor, AttentionContext, Tensor> EncoderBlock(int block);

    /// <summary>Ends the encoder: [row, position, dModel].</summary>
    private protected abstract Tensor ReadEnd(Tensor hidden);

    /// <summary>Computes the residual stream before the decoder's first block: [row, decoder position, dModel].</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="past">The number of positions before.</param>
    private protected abstract Tensor Write(ModelInputs inputs, long past);

    /// <summary>Prepares the attention of the decoder to itself.</summary>
    /// <param name="inputs">The arguments of the decoder, under the names that one without an encoder has.</param>
    /// <param name="hidden">The residual stream: [row, decoder position, dModel].</param>
    private protected abstract AttentionContext WritingContext(ModelInputs inputs, Tensor hidden);

    /// <summary>Returns a block of the decoder.</summary>
    private protected abstract nn.Module<Tensor, DecoderContext, Tensor> DecoderBlock(int block);

    /// <summary>Ends the decoder: [row, decoder position, dModel].</summary>
    private protected abstract Tensor WrittenEnd(Tensor hidden);

    /// <summary>Computes the logits of positions, [row, selected, vocab]; <see langword="null"/> of a bare model.</summary>
    /// <param name="last">Of these positions, the decoder's end: [row, selected, dModel].</param>
    private protected abstract Tensor? Logits(Tensor last);

    /// <summary>Returns the arguments of the decoder under the names that one without an encoder has.</summary>
    private protected static ModelInputs OfDecoder(ModelInputs inputs, ModelState? state) => new()
    {
        InputIds = inputs.DecoderInputIds,
        InputsEmbeds = inputs.DecoderInputsEmbeds,
        AttentionMask = inputs.DecoderAttentionMask,
        PositionIds = inputs.DecoderPositionIds,
        HeadMask = inputs.DecoderHeadMask,
        Labels = inputs.Labels,
        Past = state is EncoderDecoderState both ? both.Own : state,
        UseCache = inputs.UseCache,
        OutputAttentions = inputs.OutputAttentions,
    };

    private ModelOutput Output(ModelInputs inputs, Tensor last)
    {
        if (!SelectsLogits) return new ModelOutput { LastHiddenState = last };
        if (inputs.Labels is { } labels)
        {
            var all = Logits(last)!; // [row, decoder position, vocab]
            return new ModelOutput { Logits = inputs.Logits.Select(all), Loss = Losses.EachToken(all, labels) };
        }

        return inputs.Logits.Select(last) is { } selected ? new ModelOutput { Logits = Logits(selected) } : new ModelOutput();
    }

    // What is left out of the loss is read as padding.
    private Tensor Moved(Tensor labels)
    {
        if (Config.GetInteger("decoder_start_token_id") is not { } start || Config.GetInteger("pad_token_id") is not { } padding)
        {
            throw new CheckpointException(
                Config.Origin, "Labels alone are given, but 'decoder_start_token_id' and 'pad_token_id', with which they would be read, are not both there.");
        }

        var begun = full([labels.shape[0], 1], Scalars.Of(start), ScalarType.Int64, labels.device); // [row, 1]
        var moved = cat([begun, labels.to(ScalarType.Int64).narrow(1, 0, labels.shape[1] - 1)], 1); // [row, decoder position]
        return moved.masked_fill(moved.eq(Scalars.Of(-100)), Scalars.Of(padding));
    }

    // The encoder ends, and the decoder begins.
    private void Turn(EncoderDecoderPass pass, DisposeScope scope)
    {
        if (pass.Reading is not null)
        {
            pass.Hidden = scope.HandOut(ReadEnd(pass.Hidden)); // [row, position, dModel]
            pass.Read?.Add(pass.Hidden.alias().MoveToOuterDisposeScope());
        }

        if (!HasDecoder) return;
        var inputs = pass.Inputs;
        var isKnown = pass.Reading is not null || inputs.EncoderOutput is not null;
        pass.State ??= inputs.UseCache ? new EncoderDecoderState() : null;
        var memory = isKnown ? pass.Hidden : null; // [row, position, dModel]
        var hidden = scope.HandOut(Write(inputs, pass.State?.Length ?? 0)); // [row, decoder position, dModel]
        var own = WritingContext(OfDecoder(inputs, pass.State), hidden).HandOut(scope);
        var crossing = AttentionContext.ForMemory(inputs, memory ?? hidden, pass.State?.Crossing).HandOut(scope);
        pass.Writing = new DecoderContext(own, crossing) { Memory = memory };
        pass.Hidden = hidden;
    }

    private static ModelOutput EncoderOutput(EncoderDecoderPass pass, Tensor last) =>
        new() { LastHiddenState = last, HiddenStates = pass.Read, Attentions = pass.Reading?.Weights };
}
