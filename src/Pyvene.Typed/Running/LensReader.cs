using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Runs a model block by block and ends it behind each, as if that were the last.</summary>
internal static class LensReader
{
    /// <summary>Returns what every layer predicts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The prompts.</param>
    /// <param name="tokenizer">What names tokens; <see langword="null"/> = nothing does.</param>
    /// <param name="examples">How many prompts there are.</param>
    /// <param name="followed">The token whose rank is told; <see langword="null"/> = none.</param>
    /// <param name="top">How many of the likeliest tokens are listed.</param>
    public static LogitLens Read(HeadedModel model, Batch batch, TextTokenizer? tokenizer, int examples, TokenChoice? followed, int top)
    {
        using var gate = ModelGate.Enter(model);
        using var quiet = no_grad();
        BoundModel.Check(new CallablePretrainedModel(model), batch, []);
        using var real = RealTokens.Of(batch.Tokens!, batch.Device);
        var lengths = real.Lengths;
        // of all real tokens, one example after the other: the place in [batch · position]
        long[] columns = [.. lengths.SelectMany((length, example) =>
            Enumerable.Range(0, length).Select(position => (example * batch.Columns) + real.ColumnOf(example, position)))];
        var places = tensor(columns, device: batch.Device); // [token]
        long[]? own = null; // of every place the token that is followed there
        var layers = new LensPlace[model.BlockCount][];
        var pass = model.Begin(batch.Inputs);
        for (var block = 0; block < layers.Length; block++)
        {
            model.RunBlock(pass, block);
            using var step = NewDisposeScope();
            var logits = model.Finish(pass).Logits!; // [batch, position, vocab]
            own ??= followed?.IdsFor(tokenizer, logits.shape[2], examples).SelectMany((id, example) => Enumerable.Repeat(id, lengths[example])).ToArray();
            var logs = logits.flatten(0, 1).index_select(0, places).to(float32).log_softmax(-1); // [token, vocab]
            layers[block] = Places(logs, own, id => TokenNames.TextOf(tokenizer, id), top);
        }

        var starts = lengths.Select((_, example) => lengths.Take(example).Sum()).ToArray();
        var ids = batch.Inputs.InputIds!.flatten().index_select(0, places).cpu().data<long>().ToArray();
        return new LogitLens(
            [.. lengths.Select((length, example) => layers.Select(layer => layer[starts[example]..(starts[example] + length)]).ToArray())],
            [.. lengths.Select((length, example) =>
                (IReadOnlyList<string>)[.. ids.Skip(starts[example]).Take(length).Select(id => TokenNames.TextOf(tokenizer, (int)id))])],
            followed);
    }

    private static LensPlace[] Places(Tensor logs, long[]? own, Func<int, string> text, int top)
    {
        var likeliest = TokenProbability.Rows(logs.exp(), text, top);
        if (own is null) return [.. likeliest.Select(tokens => new LensPlace(tokens))];
        var mine = logs.gather(1, tensor(own, [own.Length, 1], device: logs.device)); // [token, 1]
        var (values, ranks) = (mine.to(float64).cpu().data<double>().ToArray(), logs.gt(mine).sum(1).cpu().data<long>().ToArray());
        return [.. likeliest.Select((tokens, place) => new LensPlace(tokens, values[place], (int)ranks[place]))];
    }
}
