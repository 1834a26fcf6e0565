#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
#:project ../../src/Pyvene.Typed.Lab/Pyvene.Typed.Lab.csproj
// What is a channel of a network for pictures for? Channels of a small ResNet come from a picture of another colour, or of another shape.
// Run: dotnet run examples/studies/14-feature-maps.cs
using Pyvene.Typed;
using Pyvene.Typed.Lab;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
set_num_threads(1); // so small a model gains nothing of more
random.manual_seed(1);
const int Channels = 12;

// Nine classes: a square, a cross or stripes, in red, green or blue, somewhere in noise.
using var resnet = ResNet.Create(blocks: [1, 1], dStage: [Channels, 24], dEmbedding: Channels, labels: 9, className: "ResNetForImageClassification", seed: 1);
resnet.Unfreeze();
resnet.train();
using (var optimiser = optim.Adam(resnet.parameters(), 5e-3))
{
    for (var step = 0; step < 250; step++)
    {
        using var one = NewDisposeScope();
        var (colour, shape) = (randint(3, [48]), randint(3, [48]));
        optimiser.zero_grad();
        nn.functional.cross_entropy(resnet.call(Draw(colour, shape)).Logits!, (colour * 3) + shape).backward();
        optimiser.step();
    }
}

resnet.eval();
resnet.Freeze();
var (colours, shapes) = (randint(3, [80]), randint(3, [80]));
var pictures = Draw(colours, shapes);
Console.WriteLine($"right: {resnet.call(pictures).Logits!.argmax(-1).eq((colours * 3) + shapes).to(float32).mean().item<float>():P1} of new pictures\n");

// Sources that differ in one thing, and what becomes of the answer: the source's colour, the source's shape, as probabilities.
var (otherColours, otherShapes) = ((colours + 1) % 3, (shapes + 1) % 3);
var ofColour = Metric.Of("p(source's colour)", logits => Classes(logits).sum([2]).gather(1, otherColours.unsqueeze(1)).squeeze(1));
var ofShape = Metric.Of("p(source's shape)", logits => Classes(logits).sum([1]).gather(1, otherShapes.unsqueeze(1)).squeeze(1));
Change[] changes = [new("colour", Draw(otherColours, shapes), ofColour), new("shape", Draw(colours, otherShapes), ofShape)];
var places = Axis.Of(Place.Embedder, Place.Stage0);
var options = new RunOptions { Controls = [Control.MatchedRandom(2)], Effects = EffectCheck.Report };
var alone = changes.Select(change => resnet.Sweep(
    places, Axis.Of(Enumerable.Range(0, Channels)), (place, channel) => Swap(place, [channel]), pictures, [change.Source], change.Metric, options)).ToArray();
foreach (var (change, table) in changes.Zip(alone)) Console.WriteLine($"one channel from a picture of another {change.Name}\n{table}");


// Together: the channels that do most for the colour, or for the shape. Does that thing come, and the other one stay?
var counts = Axis.Of(1, 2, 4, 6, 8, Channels);
var orders = alone.Select(table => places.ToDictionary(
    place => place, place => Enumerable.Range(0, Channels).OrderByDescending(channel => table[place, channel]).ToArray())).ToArray();
var scale = ColourScale.Sequential();
var picture = alone[0].HeatMap(title: "one channel: colour", scale: scale).Beside(alone[1].HeatMap(title: "one channel: shape", scale: scale));
var both = Draw(otherColours, otherShapes);
foreach (var (at, change) in changes.Index())
{
    var together = resnet.Sweep(
        places, counts, (place, count) => Swap(place, orders[at][place][..count]), pictures, [both], [ofColour, ofShape], options);
    Console.WriteLine($"channels for the {change.Name} from a picture that differs in both\n{together}\n{together.Of(ofShape)}");
    picture = picture.Beside(together.HeatMap(title: $"those for the {change.Name}: colour", scale: scale))
        .Beside(together.Of(ofShape).HeatMap(title: $"those for the {change.Name}: shape", scale: scale));
}

picture.SaveHtml("feature-maps.html");
picture.SaveSvg("feature-maps.svg");

static Experiment<ResNet, OneSource> Swap(Place place, int[] channels)
{
    var chosen = zeros(1, Channels, 1, 1);
    foreach (var channel in channels) chosen[0, channel] = 1;
    return ResNet.Experiment.Apply(
        place == Place.Embedder ? ResNet.EmbedderOutput : ResNet.Layer(0).StageOutput, (values, source) => where(chosen.gt(0), source, values));
}

static Tensor Classes(Tensor logits) => logits.softmax(-1).view(-1, 3, 3); // [picture, colour, shape]

ModelInputs Draw(Tensor colour, Tensor shape) => new() { PixelValues = Shapes(colour, shape) };

Tensor Shapes(Tensor colour, Tensor shape)
{
    var pictures = randn(colour.shape[0], 3, 32, 32) * 0.3;
    var (at, kinds) = (randint(16, [colour.shape[0], 2]).data<long>().ToArray(), shape.data<long>().ToArray());
    var line = arange(12);
    Tensor[] forms =
    [
        ones(12, 12),
        line.unsqueeze(0).sub(5.5).abs().lt(2).logical_or(line.unsqueeze(1).sub(5.5).abs().lt(2)).to(float32),
        (line % 4).lt(2).unsqueeze(1).expand(12, 12).to(float32),
    ];
    foreach (var (number, tint) in colour.data<long>().ToArray().Index())
    {
        var (y, x) = ((int)at[2 * number], (int)at[(2 * number) + 1]);
        pictures[number, tint, y..(y + 12), x..(x + 12)] += forms[kinds[number]];
    }

    return pictures;
}

internal enum Place
{
    Embedder,
    Stage0,
}

internal sealed record Change(string Name, ModelInputs Source, Metric Metric);
