using System.CommandLine;
using System.Globalization;
using Pyvene.Typed.Benchmarks;
using Pyvene.Typed.Models;
using TorchSharp;

var folder = new Option<string>("--model") { Description = "A checkpoint folder in Hugging Face's layout.", Required = true };
var threads = new Option<int>("--threads") { Description = "How many threads both sides use.", DefaultValueFactory = _ => 2 };
var seconds = new Option<double>("--seconds") { Description = "The time budget of one measurement.", DefaultValueFactory = _ => 3 };
var oracle = new Option<string?>("--oracle") { Description = "A folder with PyTorch and pyvene and their measuring scripts (env.sh, perf/), to measure beside us." };
var command = new RootCommand("Prints what plans and sweeps cost, as ratios in one run.") { folder, threads, seconds, oracle };
command.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(oracle)));

var descriptors = new Option<string>("--descriptors") { Description = "A folder with descriptors.", DefaultValueFactory = _ => "src/Pyvene.Typed/Descriptors" };
var once = new Option<bool>("--once") { Description = "Measures in this process alone, and prints seconds." };
var generator = new Command("generator", "Prints what the generators cost an editor: the first run over all descriptors, and the run behind a keystroke.") { descriptors, once };
generator.SetAction(parsed => RunGenerator(parsed.GetValue(descriptors)!, parsed.GetValue(once)));
command.Add(generator);
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
    Console.WriteLine($"{descriptors}; the fastest of five processes, in milliseconds");
    Row("first run over all descriptors", cold);
    Row("behind a keystroke", keystroke);
}

static void Run(string folder, int threads, double seconds, string? oracle)
{
    torch.set_num_threads(threads);
    using var ours = new ModelBenchmarks(ModelLoader.Load(folder));
    var (small, large) = (ours.Forward(1, 16, seconds), ours.Forward(8, 64, seconds));
    var (one, plain) = ours.Interchange(1, 16, 6, seconds);
    var first = ours.Interchange(1, 16, 0, seconds);
    var batch = ours.Interchange(8, 16, 6, seconds);
    var taps = ours.Taps(1, 16, seconds);
    var sweep = ours.Sweep(seconds);

    Console.WriteLine($"{folder}, {threads} threads; the fastest of the runs, in milliseconds");
    Row("forward 1 × 16", small);
    Row("forward 8 × 64", large);
    Row("interchange 1 × 16, block 6", one, ("of a plain forward", plain));
    Row("interchange 1 × 16, block 0", first.Interchange, ("of a plain forward", first.Plain));
    Row("interchange 8 × 16, block 6", batch.Interchange, ("of a plain forward", batch.Plain));
    Row("collect in every block, 1 × 16", taps.Collect, ("of a plain forward", taps.Plain));
    Row("bound plan that does not run", taps.Idle, ("of a plain forward", taps.Plain));
    Row("after Dispose", taps.Disposed, ("of a plain forward", taps.Plain));
    Row("layer × position sweep, 6 positions", sweep);
    if (oracle is null)
    {
        return;
    }

    var python = new PythonSide(oracle);
    var forward = python.Measure("bench_forward.py", folder, threads, seconds, "--only forward/sdpa");
    var interchange = python.Measure("bench_intervene.py", folder, threads, seconds, "--sections 3");
    var sweeps = python.Measure("bench_intervene.py", folder, threads, seconds, "--sections 4");
    Console.WriteLine("beside Python");
    Row("forward 1 × 16", ours.Forward(1, 16, seconds), ("of PyTorch", forward["forward/sdpa/1x16"]));
    Row("forward 8 × 64", ours.Forward(8, 64, seconds), ("of PyTorch", forward["forward/sdpa/8x64"]));
    Row("interchange 1 × 16, block 6", one, ("of pyvene", interchange["interchange/pyvene/mlp_output/1x16/original_false"]));
    Row("interchange 8 × 16, block 6", batch.Interchange, ("of pyvene", interchange["interchange/pyvene/mlp_output/8x16/original_false"]));
    Row("layer × position sweep", sweep, ("of pyvene", sweeps["sweep/pyvene_tutorial"]), ("of PyTorch by hand", sweeps["sweep/torch_resume"]));
}

static void Row(string name, double seconds, params (string Of, double Seconds)[] others) =>
    Console.WriteLine($"  {name,-38} {Milliseconds(seconds),9}{string.Concat(others.Select(other => string.Create(CultureInfo.InvariantCulture, $"   {seconds / other.Seconds:F3} {other.Of} ({Milliseconds(other.Seconds)})")))}");

static string Milliseconds(double seconds) => (seconds * 1000).ToString("F1", CultureInfo.InvariantCulture);
