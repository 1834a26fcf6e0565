#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 18, 19, 48 and 49: a recurrent network by its time steps, and a network for images by its feature maps.
// Run: dotnet run examples/pyvene-101/05-other-models.cs
using Pyvene.Typed;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
random.manual_seed(1);
using var gru = Gru.Create(layers: 1, dModel: 10, labels: 4, className: "GRUForClassification", seed: 1);
var (steps, others) = (new ModelInputs { InputsEmbeds = rand(2, 10, 10) }, new ModelInputs { InputsEmbeds = rand(2, 10, 10) });
var state = Gru.Layer(0).CellOutput;

// Cell 18: the state behind step 3 is zero; the steps before stay, the later ones start from there.
using var look = Gru.Experiment.Collect(state, out var before).Bind(gru);
using var zero = Gru.Experiment.Zero(state.AtStep(3)).Collect(state, out var after).Bind(gru);
using var clean = look.Run(steps);
using var zeroed = zero.Run(steps);
Console.WriteLine(zeroed.Receipts[0]);
using var changed = (zeroed[after] - clean[before]).abs().amax([0, 2]).gt(1e-6); // [step]
Console.WriteLine($"steps that changed: {string.Join(" ", changed.data<bool>())}\n");

// Cell 19: step 3 takes the state that another input has behind step 6.
using var swap = Gru.Experiment.Interchange(state.AtStep(3).ReadAt(6)).Bind(gru);
using var swapped = swap.Run(steps, others);
Console.WriteLine($"{swapped.Receipts[0]}\n");

// Cell 48: a square of the first feature map comes from another picture.
using var resnet = ResNet.Create(blocks: [1, 1], dStage: [8, 12], dEmbedding: 8, seed: 1);
var (picture, other) = (new ModelInputs { PixelValues = rand(1, 3, 32, 32) }, new ModelInputs { PixelValues = rand(1, 3, 32, 32) });
var square = zeros(8, 8);
square[2..5, 2..5] = ones(3, 3);
using var patch = ResNet.Experiment.Apply(ResNet.EmbedderOutput, (values, source) => (values * (1 - square)) + (source * square)).Bind(resnet);
using var patched = patch.Run(picture, other);
Console.WriteLine(patched.Receipts[0]);

// Cell 49: the same with a weight that learns.
using var strength = nn.Parameter(tensor(0.5f));
using var mix = ResNet.Experiment
    .Apply(ResNet.EmbedderOutput, (values, source) => values + ((source - values) * square * strength)).Bind(resnet);
using var mixed = mix.Run(picture, other, new RunOptions { Gradients = true });
mixed.Output.sum().backward();
Console.WriteLine($"the weight has a gradient: {strength.grad!.item<float>() != 0}");
