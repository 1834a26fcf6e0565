using System.CommandLine;
using System.Globalization;
using Pyvene.Typed.Benchmarks;
using Pyvene.Typed.Models;
using TorchSharp;

var folders = new Option<string[]>("--model")
{
    Description = "A checkpoint folder in Hugging Face's layout; may be given several times.",
    DefaultValueFactory = _ => [],
};
var threads = new Option<int>("--threads") { Description = "How many threads both sides use.", DefaultValueFactory = _ => 2 };
var seconds = new Option<double>("--seconds") { Description = "The time budget of one measurement.", DefaultValueFactory = _ => 3 };
var oracle =
    new Option<string?>("--oracle") { Description = "A folder with PyTorch and pyvene and their measuring scripts (env.sh, perf/), to measure beside us." };
var large = new Option<bool>("--large")
{
    Description = "Measures instead what a random Llama of 7 billion parameters takes, which is written (13.5 GB) and removed again.",
};
var place = new Option<string?>("--folder") { Description = "Where --large writes; by default the folder of temporary files." };
var layers = new Option<int>("--layers") { Description = "How many layers --large has.", DefaultValueFactory = _ => 32 };
var command = new RootCommand("Prints what plans, sweeps and generations cost, as ratios in one run.")
{
    folders, threads, seconds, oracle, large, place, layers,
};
command.SetAction(parsed => parsed.GetValue(large)
    ? RunLarge(parsed.GetValue(place), parsed.GetValue(layers), parsed.GetValue(threads))
    : Run(parsed.GetValue(folders)!, parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(oracle)));

var descriptors = new Option<string>("--descriptors") { Description = "A folder with descriptors.", DefaultValueFactory = _ => "src/Pyvene.Typed/Descriptors" };
var once = new Option<bool>("--once") { Description = "Measures in this process alone, and prints seconds." };
var generator = new Command("generator", "Prints what the generators cost an editor: the first run over all descriptors, and the run behind a keystroke.")
{
    descriptors,
    once,
};
generator.SetAction(parsed => RunGenerator(parsed.GetValue(descriptors)!, parsed.GetValue(once)));
command.Add(generator);
var training = new Command("training", "Prints what a step of a training costs at the shape of every model.") { folders, threads, seconds, oracle };
training.SetAction(parsed => RunTraining(
    parsed.GetValue(folders)!, parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(oracle)));
command.Add(training);
return command.Parse(args).Invoke();

static void RunGenerator(string descriptors, bool once)
{
    if (once)
    {
        var (first, edit) = GeneratorBenchmarks.InThisProcess(descriptors);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} {edit}"));
        return;
    }

    var (cold, keystroke) = GeneratorBenchmarks.InProcessesOfTheirOwn(descriptors);
    Console.WriteLine($"{descriptors}; the fastest of five processes");
    SpeedTable.Row("first run over all descriptors", cold);
    SpeedTable.Row("behind a keystroke", keystroke);
}

static void RunTraining(string[] folders, int threads, double seconds, string? oracle)
{
    torch.set_num_threads(threads);
    foreach (var folder in folders)
    {
        new TrainingBenchmarks(folder, oracle is null ? null : new PythonSide(oracle), threads, seconds).Print();
    }
}

static int RunLarge(string? folder, int layers, int threads)
{
    torch.set_num_threads(threads);
    return LargeModel.Run(folder, layers);
}

static int Run(string[] folders, int threads, double seconds, string? oracle)
{
    torch.set_num_threads(threads);
    var python = oracle is null ? null : new PythonSide(oracle);
    foreach (var folder in folders)
    {
        using var ours = new ModelBenchmarks(ModelLoader.Load(folder));
        new ModelReport(ours, folder, python, threads, seconds).Print();
    }

    Steady();
    return 0;
}

static void Steady()
{
    const int runs = 10_000;
    torch.set_num_threads(1); // more only wait for each other on so small a model
    SpeedTable.Head("a model of 20,000 weights, one thread");
    using var steady = new SteadyState();
    foreach (var count in new[] { 1, 5 })
    {
        var (plan, byHand) = steady.ManagedBytes(count);
        SpeedTable.Row($"managed bytes of a bound run, {count} interchanges", plan, "bytes", null);
        SpeedTable.Row("the same minus those of TorchSharp by hand", plan - byHand, "bytes", 0);
    }

    var (memory, tensors) = steady.Growth(runs);
    SpeedTable.Row($"resident memory after {runs} runs, more than before", memory / 1e6, "MB", 5);
    SpeedTable.Row($"tensors after {runs} runs, more than before", tensors, "", 0);
    SpeedTable.Row("tensors after 1000 plans were bound, run and disposed", steady.LeftByPlans(1000), "", 0);
}
