using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>What comes before the first intervention is computed once for all epochs, and what is learned is the same.</summary>
public sealed class CleanPartTests
{
    private static readonly string[] Names = ["Mary", "John", "Anna", "Peter", "Sarah", "Tom"];
    private static readonly string[] Ends = [" smiled because", " went to the house because", " was very happy that day because"];

    private static TrainingOptions Options => new() { Epochs = 3, BatchSize = 5, Optimiser = Optimiser.Sgd(0.05), Seed = 4 };

    // Texts of several lengths, so that batches are padded on the left and trimmed.
    private static CounterfactualSet Texts { get; } = CounterfactualSet.Of(Names.SelectMany((name, index) => Ends.Select((end, turn) =>
    {
        var other = Names[(index + turn + 1) % Names.Length];
        return new Counterfactual(
            Prompt.Of(name + end).Mark("name", name), Prompt.Of(other + Ends[(turn + index) % 3]).Mark("name", other), index % 2 == 0 ? " he" : " she");
    })));

    public static TheoryData<string> Places => new("last", "marked", "first", "all", "head", "two", "second");

    [Theory]
    [MemberData(nameof(Places))]
    public void TrainingFromKeptPartsLearnsWhatTheWholeOneLearns(string place)
    {
        var whole = Losses(place, Options with { MemoryBudget = 0 });
        Assert.All(whole.Zip(Losses(place, Options)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        // Room for the values of the sources, and not for keys.
        Assert.All(whole.Zip(Losses(place, Options with { MemoryBudget = 40_000 })), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void BlocksBeforeTheInterventionRunOnceForAllEpochs()
    {
        var calls = new Dictionary<string, int>();
        using var model = Gpt2.Load(Primer.Folder);
        foreach (var (name, module) in model.Module.named_modules())
        {
            if (name is "transformer.h.0.mlp.c_fc" or "transformer.h.4.mlp.c_fc")
            {
                ((nn.Module<Tensor, Tensor>)module).register_forward_hook((_, _, output) =>
                {
                    calls[name] = calls.GetValueOrDefault(name) + 1;
                    return output;
                });
            }
        }

        using var space = new LowRankRotatedSpace(128, 2);
        using var plan = model.Bind(Gpt2.Experiment.Apply(Gpt2.Layer(3).BlockOutput.At(^1), space));
        var first = Counted(Options with { Epochs = 2 });
        var second = Counted(Options with { Epochs = 6 });
        Assert.Equal(first.Begin, second.Begin);
        Assert.Equal(4 * 4, second.End - first.End); // four batches in each of four more epochs

        (int Begin, int End) Counted(TrainingOptions options)
        {
            calls.Clear();
            plan.Train(Texts, options);
            return (calls["transformer.h.0.mlp.c_fc"], calls["transformer.h.4.mlp.c_fc"]);
        }
    }

    [Fact]
    public void ModelThatLearnsIsComputedAnew()
    {
        using var model = Gpt2.Load(Primer.Folder);
        using var plan = model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1)));
        var options = Options with { TrainsModel = true, Optimiser = Optimiser.Sgd(1e-2), Evaluation = Texts };
        var result = plan.Train(Texts, options);
        Assert.Equal(plan.Evaluate(Texts).Loss, result.Evaluation!.Loss, 1e-5);
    }

    private static double[] Losses(string place, TrainingOptions options)
    {
        using var space = new LowRankRotatedSpace(place == "head" ? 32 : 128, 2) { IsPerUnit = place == "all" };
        using (var scope = NewDisposeScope())
        using (var generator = new Generator(3, CPU))
        {
            space.AssignRotation(linalg.qr(randn([place == "head" ? 32 : 128, 2], generator: generator)).Q);
        }

        var block = Gpt2.Layer(3).BlockOutput;
        using var plan = Primer.Model.Bind(place switch
        {
            "last" => Gpt2.Experiment.Apply(block.At(^1), space),
            "marked" => Gpt2.Experiment.Apply(block.At(Positions.Marked("name")), space),
            "first" => Gpt2.Experiment.Apply(Gpt2.Layer(0).BlockInput.At(0), space),
            "all" => Gpt2.Experiment.Apply(block.At(..2), space),
            "second" => Gpt2.Experiment.Apply(Gpt2.Layer(0).BlockOutput.At(1), space),
            "head" => Gpt2.Experiment.Apply(Gpt2.Layer(2).HeadQueryOutput.Head(1).At(^1), space),
            _ => Gpt2.Experiment.Apply(Gpt2.Layer(2).MlpOutput.At(^2), space).Apply(Gpt2.Layer(4).BlockOutput.At(^1), space),
        });
        if (place == "second") options = options with { BatchSize = 1, Optimiser = Optimiser.Sgd(5e-3) }; // short texts begin behind it
        var result = plan.Train(Texts, options with { Evaluation = Texts });
        return [.. result.Steps.SelectMany(step => step.Evaluation is { } held ? [step.Loss, held.Loss] : new[] { step.Loss })];
    }
}
