using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Hub;

public sealed partial class ModelHub
{
    /// <summary>
    /// Puts a folder, such as a saved experiment or a model, into a repository of the hub as one commit; the repository is made where there is none.
    /// </summary>
    /// <remarks>
    /// Hidden files and links are left out. Large files that are in the hub's store already, perhaps since an attempt that broke off, are not sent again.
    /// Nothing is deleted from the repository.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The repository, <c>OWNER/NAME</c>.</param>
    /// <param name="message">What the commit is for.</param>
    /// <param name="isPrivate">Whether a new repository is for its owner alone.</param>
    /// <param name="revision">The branch.</param>
    /// <param name="cancellation">Stops the upload; nothing is committed then.</param>
    /// <returns>The commit: 40 hexadecimal digits.</returns>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="CheckpointException">There is no token, the folder has no file, the hub refuses, or it cannot be reached.</exception>
    public async Task<string> UploadAsync(
        string folder, string name, string message, bool isPrivate = true, string revision = "main", CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(message);
        ArgumentException.ThrowIfNullOrEmpty(revision);
        if (!IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of a repository; expected OWNER/NAME.", nameof(name));
        }

        if (options.Token is null)
        {
            throw new CheckpointException(name, "Writing to a hub needs a token; set HF_TOKEN to one that may write.");
        }

        var files = UploadFile.In(folder);
        if (files.Count == 0)
        {
            throw new CheckpointException(name, $"'{folder}' has no file to upload.");
        }

        try
        {
            var upload = new HubUpload(client, name, revision, options.LongestSilence);
            await upload.CreateAsync(isPrivate, cancellation);
            var commit = await upload.CommitAsync(files, message, cancellation);
            return Commit().IsMatch(commit) ? commit : throw new CheckpointException(name, "The hub's answer has no commit.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CheckpointException(
                name,
                $"'{folder}' cannot be put on {options.Endpoint}: {error.Message} What has arrived in the store stays there, so the next attempt is shorter.",
                error);
        }
    }

    /// <inheritdoc cref="UploadAsync"/>
    public string Upload(string folder, string name, string message, bool isPrivate = true, string revision = "main") =>
        Task.Run(() => UploadAsync(folder, name, message, isPrivate, revision)).GetAwaiter().GetResult();
}
