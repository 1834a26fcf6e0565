using System.Text.Json;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Generation.Processors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Runs a case of <c>processors.jsonl</c>: one logits processor, or several one after another, on recorded scores.</summary>
internal static class ProcessorCases
{
    /// <summary>Runs the case; also fails it if the scores that went in were written into.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        var tokens = golden.Tensor(golden.Required("input_ids"));
        var scores = golden.Tensor(golden.Required("scores"));
        var before = scores.clone();
        var result = Processors(golden).Aggregate(scores, (current, processor) => processor.Apply(tokens, current));
        comparison.Tensor("scores", result, golden.Tensor(golden.Required("out")), golden.Tolerance(Tolerance.Forward));
        comparison.Tensor("scores that went in", scores, before, default);
    }

    private static IEnumerable<LogitsProcessor> Processors(GoldenCase golden) => golden.Field("processors") is { } chain
        ? [.. chain.EnumerateArray().Select(link => Processor(golden, link[0].GetString()!, link[1]))]
        : [Processor(golden, golden.Required("processor").GetString()!, golden.Required("args"))];

    /// <summary>Builds a processor by the name and the arguments of its class in transformers.</summary>
    private static LogitsProcessor Processor(GoldenCase golden, string name, JsonElement arguments) => name switch
    {
        "TemperatureLogitsWarper" => new TemperatureProcessor(arguments[0].GetDouble()),
        "TopKLogitsWarper" => new TopKProcessor(arguments[0].GetInt32()),
        "TopPLogitsWarper" => new TopPProcessor(arguments[0].GetDouble()),
        "MinPLogitsWarper" => new MinPProcessor(arguments[0].GetDouble()),
        "TypicalLogitsWarper" => new TypicalPProcessor(arguments[0].GetDouble()),
        "EpsilonLogitsWarper" => new EpsilonCutoffProcessor(arguments[0].GetDouble()),
        "EtaLogitsWarper" => new EtaCutoffProcessor(arguments[0].GetDouble()),
        "RepetitionPenaltyLogitsProcessor" => new RepetitionPenaltyProcessor(arguments[0].GetDouble()),
        "EncoderRepetitionPenaltyLogitsProcessor" => new EncoderRepetitionPenaltyProcessor(arguments[0].GetDouble(), golden.Tensor(arguments[1])),
        "NoRepeatNGramLogitsProcessor" => new NoRepeatNgramProcessor(arguments[0].GetInt32()),
        "EncoderNoRepeatNGramLogitsProcessor" => new EncoderNoRepeatNgramProcessor(arguments[0].GetInt32(), golden.Tensor(arguments[1])),
        "MinLengthLogitsProcessor" => new MinLengthProcessor(arguments[0].GetInt32(), Ids(arguments[1])),
        "MinNewTokensLengthLogitsProcessor" => new MinNewTokensProcessor(arguments[0].GetInt32(), arguments[1].GetInt32(), Ids(arguments[2])),
        "ForcedBOSTokenLogitsProcessor" => new ForcedBosTokenProcessor(arguments[0].GetInt32()),
        "ForcedEOSTokenLogitsProcessor" => new ForcedEosTokenProcessor(arguments[0].GetInt32(), Ids(arguments[1])),
        "SuppressTokensLogitsProcessor" => new SuppressTokensProcessor(Ids(arguments[0])),
        "SuppressTokensAtBeginLogitsProcessor" => new SuppressTokensAtBeginProcessor(Ids(arguments[0]), arguments[1].GetInt32()),
        "NoBadWordsLogitsProcessor" => new NoBadWordsProcessor([.. arguments[0].EnumerateArray().Select(Ids)], Ids(arguments[1])),
        "SequenceBiasLogitsProcessor" =>
            new SequenceBiasProcessor([.. arguments[0].EnumerateArray().Select(pair => new SequenceBias(Ids(pair[0]), GoldenCase.Number(pair[1])))]),
        "ExponentialDecayLengthPenalty" => new ExponentialDecayLengthPenaltyProcessor(
            new LengthDecay(arguments[0][0].GetInt32(), arguments[0][1].GetDouble()), Ids(arguments[1]), arguments[2].GetInt32()),
        "LogitNormalization" => new LogSoftmaxProcessor(),
        "InfNanRemoveLogitsProcessor" => new InvalidValuesProcessor(),
        _ => throw new UnsupportedCaseException($"the processor '{name}' is not supported yet"),
    };

    private static int[] Ids(JsonElement ids) =>
        ids.ValueKind is JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];
}
