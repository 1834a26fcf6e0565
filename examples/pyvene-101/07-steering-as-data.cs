#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 42-45: inference-time intervention. Vectors at several layers are kept as data, in a folder that a hub can hold.
// Run: dotnet run examples/pyvene-101/07-steering-as-data.cs
using Pyvene.Typed;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
using var model = Gpt2.Load("models/primer");
string[] women = ["Mary ran because", "Anna sang because", "Ruth slept because"], men = ["John ran because", "Paul sang because", "Mark slept because"];
var options = new GenerationOptions { MaxNewTokens = 5 };

// Cell 42: a direction at each of some layers: the mean of some prompts less that of others. pyvene fetches those of honest_llama.
var experiment = Gpt2.Experiment;
foreach (var layer in Gpt2.Layers(0..6).On(model))
{
    var read = Gpt2.Experiment.Collect(layer.AttentionOutput.At(^1), out var attention);
    using var she = model.Run(read, women);
    using var he = model.Run(read, men);
    var direction = (he[attention] - she[attention]).mean([0, 1]); // [dModel]
    experiment = experiment.Add(layer.AttentionOutput.During(Steps.Prompt.And(Steps.Each)).At(^1), direction * 1.5);
}

// Cell 43: it steers a generation.
const string Prompt = "Emma waited because";
Console.WriteLine($"clean:   {model.Generate(Prompt, options)}");
Console.WriteLine($"steered: {model.Generate(experiment, Prompt, options)}");

// Cells 44, 45: it is saved with its vectors, and loaded; `await hub.UploadAsync(folder, "owner/name", "…")` of a ModelHub sends the folder.
var folder = Directory.CreateTempSubdirectory().FullName;
ExperimentFolder.Save(experiment.ToConfig(), folder);
var loaded = ExperimentFolder.Load(folder);
Console.WriteLine($"loaded:  {model.Generate(loaded, Prompt, generation: options)}");
Console.WriteLine($"{loaded.Interventions.Length} interventions, equal: {loaded == experiment.ToConfig()}");
Directory.Delete(folder, recursive: true);
