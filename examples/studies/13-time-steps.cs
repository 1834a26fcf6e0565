#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// A recurrent network reads two letters, then which of them is wanted. When does its state hold which letter, apart from the other, and when the answer alone?
// Run: dotnet run examples/studies/13-time-steps.cs
using Pyvene.Typed;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1); // so small a model gains nothing of more
random.manual_seed(1);
const int Width = 24, StepCount = 8, Letters = 4;
string[] names = ["", "letter 1", "", "letter 2", "", "question", "", ""];
var steps = Axis.Of(Enumerable.Range(0, StepCount));

// The network learns the task first.
using var gru = Gru.Create(layers: 1, dModel: Width, labels: Letters, className: "GRUForClassification", seed: 1);
gru.Unfreeze();
using (var optimiser = optim.Adam(gru.parameters(), 0.01))
{
    for (var step = 0; step < 500; step++)
    {
        using var one = NewDisposeScope();
        var batch = Reading.Draw(128);
        optimiser.zero_grad();
        nn.functional.cross_entropy(gru.call(batch.Inputs).Logits!, batch.Answer).backward();
        optimiser.step();
    }
}

gru.Freeze();
var (@base, source) = (Reading.Draw(400), Reading.Draw(400));
Console.WriteLine($"right: {gru.call(@base.Inputs).Logits!.argmax(-1).eq(@base.Answer).to(float32).mean().item<float>():P1} of new runs\n");

// One step's state comes from another run. Whose letter is answered? Of runs that ask the same, so that the question stays.
var state = Gru.Layer(0).CellOutput;
var parts = Axis.Of(Part.State, Part.UpdateGate, Part.Candidate);
var swaps = new[] { 0, 1 }.Select(question =>
{
    var (asked, other) = (Reading.Draw(200, question), Reading.Draw(200, question));
    var answered = Metric.Of("the source's letter is answered", logits => logits.argmax(-1).eq(other.Answer).to(float32));
    return gru.Sweep(parts, steps, (part, step) => Gru.Experiment.Interchange(At(part, step)), asked.Inputs, [other.Inputs], answered,
        new RunOptions { Controls = [Control.ShuffledSource], Effects = EffectCheck.Report });
}).ToArray();
Console.WriteLine($"letter 1 is asked for\n{swaps[0]}\nletter 2 is asked for\n{swaps[1]}");

// Apart: four directions that bring one letter and leave the other (DAS). Whole states bring both.
var options = new TrainingOptions
{
    Epochs = 12, BatchSize = 32, Optimiser = Optimiser.Adam(0.02), Schedule = RateSchedule.Linear(), Seed = 1,
    Controls = [Control.FullComponent, Control.MatchedRandom(3)],
};
var accuracies = new double[2, StepCount];
for (var letter = 0; letter < 2; letter++)
{
    using var grid = gru.TrainGrid(
        steps, step => Gru.Experiment.Apply(state.AtStep(step), new LowRankRotatedSpace(Width, rank: 4)),
        Examples(letter), options with { Evaluation = Examples(letter) });
    Console.WriteLine($"letter {letter + 1} alone\n{grid.Accuracy}");
    for (var step = 0; step < StepCount; step++) accuracies[letter, step] = grid.Accuracy[step];
}

// Reading: what a probe makes of the state behind every step.
using var collect = Gru.Experiment.Collect(state, out var states).Bind(gru);
using var run = collect.Run(@base.Inputs);
(string Name, Tensor Labels)[] labels = [("letter 1", @base.First), ("letter 2", @base.Second), ("question", @base.Question), ("answer", @base.Answer)];
var probes = new double[labels.Length, StepCount];
foreach (var (row, label) in labels.Index())
{
    for (var step = 0; step < StepCount; step++) probes[row, step] = ProbeScore.Of(run[states][.., step], label.Labels).Accuracy.Mean;
}

string[] columns = [.. names.Select((name, step) => name.Length > 0 ? $"{step}: {name}" : $"{step}")];
var reading = HeatMap.Of("reading: probe", probes, [.. labels.Select(label => label.Name)], columns, ColourScale.Sequential());
Console.WriteLine(reading);
var apart = HeatMap.Of("one letter alone: 4 directions", accuracies, ["letter 1", "letter 2"], columns, ColourScale.Sequential());
var scale = ColourScale.Sequential();
var picture = swaps[0].HeatMap(title: "swapped, letter 1 is asked for", scale: scale)
    .Beside(swaps[1].HeatMap(title: "swapped, letter 2 is asked for", scale: scale)).Beside(apart).Beside(reading);
picture.SaveHtml("time-steps.html");
picture.SaveSvg("time-steps.svg");

CounterfactualSet Examples(int letter)
{
    var (of, from) = (Reading.Draw(300), Reading.Draw(300));
    var label = letter == 0 ? where(of.Question.eq(0), from.First, of.Second) : where(of.Question.eq(0), of.First, from.Second);
    return CounterfactualSet.OfTensors(of.Inputs, [from.Inputs], label);
}

static Site<Gru> At(Part part, int step) => part switch
{
    Part.UpdateGate => Gru.Layer(0).UpdateGateOutput.AtStep(step),
    Part.Candidate => Gru.Layer(0).NewGateOutput.AtStep(step),
    _ => Gru.Layer(0).CellOutput.AtStep(step),
};

internal enum Part
{
    State,
    UpdateGate,
    Candidate,
}

/// <summary>Holds runs of the task: letters at steps 1 and 3, the question at step 5, each as one of the input's features.</summary>
internal sealed record Reading(ModelInputs Inputs, Tensor First, Tensor Second, Tensor Question, Tensor Answer)
{
    public static Reading Draw(int count, int? asked = null)
    {
        var (first, second) = (randint(4, [count]), randint(4, [count]));
        var question = asked is { } one ? full([count], one, int64) : randint(2, [count]);
        var inputs = zeros(count, 8, 24);
        inputs[.., 1, ..4] = nn.functional.one_hot(first, 4).to(float32);
        inputs[.., 3, ..4] = nn.functional.one_hot(second, 4).to(float32);
        inputs[.., 5, 4..6] = nn.functional.one_hot(question, 2).to(float32);
        return new(new ModelInputs { InputsEmbeds = inputs }, first, second, question, where(question.eq(0), first, second));
    }
}
