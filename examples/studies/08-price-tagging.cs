#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// "Say yes only if it costs between 20 and 50 dollars. It costs 35 dollars. Answer:": does the model compare 35 with 20 and with 50 (Boundless DAS)?
// Run: dotnet run examples/studies/08-price-tagging.cs
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Causal;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1);    // so small a model gains nothing of more
random.manual_seed(1); // where the rotations start
using var model = Gpt2.Load("models/primer");

// What a whole state brings from a source: does the answer become what it is when the source's comparison with the lower bound holds for the base?
var held = Examples(Price.Variables.IsAboveLow, count: 200, seed: 2);
var whole = model.Sweep(
    Gpt2.AllLayers,
    Axis.Of(Token.Low, Token.High, Token.Price, Token.Last),
    (layer, token) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(^(int)token)),
    Prompt.Of([.. held.Examples.Select(one => one.Base.Texts[0])]),
    Prompt.Of([.. held.Examples.Select(one => one.Sources[0].Prompt!.Texts[0])]),
    Metric.IsLikeliest([.. held.Examples.Select(one => one.Label)]));

// What a rotated part of the last state brings, of as many dimensions as the training finds necessary, for each of the two comparisons.
var (low, high) = (Search(Price.Variables.IsAboveLow), Search(Price.Variables.IsBelowHigh));
var picture = whole.HeatMap(title: "whole states").Beside(low.HeatMap(title: "is above low")).Beside(high.HeatMap(title: "is below high"));
Console.WriteLine(whole.HeatMap(title: "whole states"));
picture.SaveHtml("price-tagging.html");
picture.SaveSvg("price-tagging.svg");

SweepTable<Gpt2.Block> Search(ICausalIntermediate<Price> variable)
{
    using var grid = model.TrainGrid(
        Gpt2.AllLayers,
        layer => Gpt2.Experiment.Apply(layer.BlockOutput.At(^1), new BoundlessRotatedSpace(model.HiddenSize)),
        Examples(variable, count: 256, seed: 1),
        new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 32,
            Optimiser = Optimiser.Adam(0.01),
            Schedule = RateSchedule.Linear(warmup: 0.1),
            Temperatures = TemperatureSchedule.Linear(50, 0.1),
            Regularisers = [Regulariser.Boundary(1)],
            Evaluation = Examples(variable, count: 200, seed: 2),
            Controls = [Control.FullComponent, Control.ShuffledSource, Control.MatchedRandom(2)],
            Seed = 1,
        });
    var widths = grid.Cells.Select(cell => cell.Experiment.Interventions[0].Intervention).Cast<Learned>()
        .Select(learned => $"{((IGate)learned.Module).ComputeGate(ones(1, model.HiddenSize)).sum().item<float>():F0}");
    Console.WriteLine($"{variable.Name}\n{grid.Accuracy}\ndimensions of {model.HiddenSize} that are exchanged, by layer: {string.Join(", ", widths)}\n");
    return grid.Accuracy;
}

// As often yes as no, and as often another answer than the base's as the same.
CounterfactualSet Examples(ICausalIntermediate<Price> variable, int count, int seed)
{
    var random = new Random(seed);
    return CounterfactualSet.Of(Enumerable.Range(0, count).Select(number =>
    {
        while (true)
        {
            var (@base, source) = (Drawn(random), Drawn(random));
            var isRight = Price.Interchange(@base, (variable, source)).IsRight;
            if (isRight != (number % 2 == 0) || (isRight == Price.Run(@base).IsRight) != (number / 2 % 2 == 0)) continue;
            return new Counterfactual(Text(@base), Text(source), isRight ? " yes" : " no");
        }
    }));
}

static Price Drawn(Random random) // as in the sentences that the model learned from
{
    var low = random.Next(90);
    var high = random.Next(low + 5, 100);
    return new(low, high, random.Next(2) == 0 ? random.Next(low, high + 1) : random.Next(100));
}

static string Text(Price price) => $"Say yes only if it costs between {price.Low} and {price.High} dollars. It costs {price.Cost} dollars. Answer:";

// The tokens of the prompt, from the end.
internal enum Token
{
    Low = 12,
    High = 10,
    Price = 5,
    Last = 1,
}

[CausalModel]
internal sealed partial record Price([property: Between(0, 99)] int Low, [property: Between(0, 99)] int High, [property: Between(0, 99)] int Cost)
{
    public bool IsAboveLow => Cost >= Low;
    public bool IsBelowHigh => Cost <= High;
    public bool IsRight => IsAboveLow && IsBelowHigh;
}
