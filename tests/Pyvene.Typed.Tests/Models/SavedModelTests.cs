using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A model that was saved is the same when it is loaded again.</summary>
public sealed class SavedModelTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("saved").FullName, "model");

    public static TheoryData<string, string> Classes => ShippedModels.Classes;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Theory]
    [MemberData(nameof(Classes))]
    public void SavedModelIsLoadedWithTheSameBits(string key, string className)
    {
        using var scope = NewDisposeScope();
        using var model = ShippedModels.Create(key, className);
        using (no_grad()) model.parameters().Last().add_(0.25f); // as if it had learned
        model.Save(folder);
        using var loaded = ModelLoader.Load(folder);
        Assert.Equal(className, loaded.GetName());
        Assert.Equal(model.state_dict().Keys.Order(), loaded.state_dict().Keys.Order());
        using var expected = model.call(ShippedModels.Inputs(model, 2, 5, 1));
        using var actual = loaded.call(ShippedModels.Inputs(model, 2, 5, 1));
        Assert.All(expected.Tensors().Zip(actual.Tensors()), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Throws<IOException>(() => model.Save(folder)); // never over another
    }
}
