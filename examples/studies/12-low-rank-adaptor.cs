#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// How small may an adaptor be that teaches the model another answer? A vector that is added, or a low-rank product (LoRA), of one MLP at one token.
// Run: dotnet run examples/studies/12-low-rank-adaptor.cs
using Pyvene.Typed;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1);    // so small a model gains nothing of more
torch.random.manual_seed(1); // where the adaptors start
using var model = Gpt2.Load("models/primer");
string[] women = "Mary Sarah Anna Emma Laura Alice Julia Lucy Clara Helen Susan Linda Karen Nancy Betty Ruth Diana Grace Rose Amy".Split(' ');
string[] men = "John James Robert David Tom Paul Mark Peter Jack Henry Frank Carl Adam Simon Luke Daniel George Kevin Brian Steven".Split(' ');
string[] verbs = "walked ran laughed sang waited slept worked danced cried smiled".Split(' ');
string[] countries = ("Spain Spanish Italy Italian France French Germany German Greece Greek Poland Polish Norway Norwegian Sweden Swedish Finland Finnish "
    + "Russia Russian Ukraine Ukrainian Serbia Serbian Turkey Turkish Egypt Arabic Kenya Swahili Japan Japanese China Mandarin India Hindi Thailand Thai "
    + "Vietnam Vietnamese Korea Korean Iran Persian Israel Hebrew Peru Spanish Brazil Portuguese Cuba Spanish Canada English Ghana English").Split(' ');
var facts = countries.Chunk(2).Select(pair => (Country: pair[0], Language: pair[1])).ToArray();

// Two lessons: the other pronoun, which depends on what is read; and the language where the capital is asked for, which is another question throughout.
(string Name, Counterfactual[] Seen, Counterfactual[] Held)[] lessons =
[
    ("the other pronoun", [.. Pronouns(..14)], [.. Pronouns(14..)]),
    ("language for capital", [.. Languages(..18)], [.. Languages(18..)]),
];
(string Name, Func<SourcelessModule> Of)[] kinds =
[
    ("vector", () => new Shift(model.HiddenSize)),
    ("rank 1", () => new Lora(model.HiddenSize, 1)), ("rank 4", () => new Lora(model.HiddenSize, 4)),
];

// Other texts, whose answer should stay; the adaptor stands at their last token, too.
string[] others = [.. verbs.Select(verb => $"She {verb} because"), "7 plus 5 is", "3 plus 4 is", "The continent of Spain is", "dog key park dog key"];
var same = Metric.Of("same answer", (logits, clean) => logits.argmax(-1).eq(clean.argmax(-1)).to(float32));
var random = Control.MatchedRandom(3);
var layers = Axis.Of(Gpt2.AllLayers.On(model).Where(layer => layer.Index % 2 == 1));
var maps = lessons.Select(Learn).ToArray();
var picture = maps[0].Beside(maps[1]);
picture.SaveHtml("low-rank-adaptor.html");
picture.SaveSvg("low-rank-adaptor.svg");

HeatMap Learn((string Name, Counterfactual[] Seen, Counterfactual[] Held) lesson)
{
    var accuracy = new double[layers.Count, kinds.Length];
    Console.WriteLine($"{lesson.Name}: {lesson.Seen.Length} examples, {lesson.Held.Length} of others");
    foreach (var (column, kind) in kinds.Index())
    {
        using var grid = model.TrainGrid(layers, layer => Gpt2.Experiment.Apply(layer.MlpOutput.At(^1), kind.Of()), CounterfactualSet.Of(lesson.Seen), new()
        {
            Epochs = 40,
            BatchSize = 14,
            Optimiser = Optimiser.Adam(0.03),
            Schedule = RateSchedule.Linear(),
            Evaluation = CounterfactualSet.Of(lesson.Held),
            Controls = [random],
            Seed = 1,
        });
        foreach (var (row, layer) in layers.Index()) accuracy[row, column] = grid.Accuracy[layer];
        using var plan = model.Bind(grid.Best.Experiment);
        using var beside = plan.Run(others);
        Console.WriteLine($"{kind.Name}: at best {Highest(grid.Accuracy):F2}, by as much at random {Highest(grid.Accuracy.Of(random)):F2}; "
            + $"other texts keep their answer: {beside.Measure(same).Mean:F2}");
    }

    string[] rows = [.. layers.Select(layer => $"layer {layer.Index}")], columns = [.. kinds.Select(kind => kind.Name)];
    var map = HeatMap.Of(lesson.Name, accuracy, rows, columns, ColourScale.Sequential());
    Console.WriteLine(map);
    return map;
}

static double Highest(SweepTable table) => table.ToArray().Cast<double>().Max();

IEnumerable<Counterfactual> Pronouns(Range which) => women[which].Zip(men[which]).SelectMany((pair, at) => new Counterfactual[]
{
    new($"{pair.First} {verbs[at % verbs.Length]} because", " he"), new($"{pair.Second} {verbs[at % verbs.Length]} because", " she"),
});

IEnumerable<Counterfactual> Languages(Range which) => facts[which].Select(fact => new Counterfactual($"The capital of {fact.Country} is", $" {fact.Language}"));

/// <summary>Adds to the output a product of the input with two small matrices (Hu et al., 2021).</summary>
internal sealed class Lora : AdaptorModule
{
    private readonly Parameter down; // [width, rank]
    private readonly Parameter up; // [rank, width], zeros at first

    public Lora(int width, int rank)
        : base("lora", width)
    {
        down = Keep(randn(width, rank).div_(Math.Sqrt(width)));
        up = Keep(zeros(rank, width));
        RegisterComponents();
    }

    protected override Tensor Adapt(Tensor output, Tensor input) => output + input.matmul(down).matmul(up);
}

/// <summary>Adds a vector, the same whatever the input is.</summary>
internal sealed class Shift : SourcelessModule
{
    private readonly Parameter vector; // [width]

    public Shift(int width)
        : base("shift", width)
    {
        vector = Keep(zeros(width));
        RegisterComponents();
    }

    protected override Tensor Replace(Tensor @base, Tensor? chosen) => @base + vector;
}
